package io.moorage.node.store;

import io.moorage.protocol.v1.ChangeKind;

/**
 * Why an entry changes, for those who follow the changes.
 *
 * @param otherKey where it came from or went to, or ""
 */
record Cause(ChangeKind kind, String otherKey) {
    static final Cause PUT = new Cause(ChangeKind.CHANGE_KIND_PUT, "");
    static final Cause APPENDED = new Cause(ChangeKind.CHANGE_KIND_APPENDED, "");
    static final Cause DELETED = new Cause(ChangeKind.CHANGE_KIND_DELETED, "");
    static final Cause EXPIRED = new Cause(ChangeKind.CHANGE_KIND_EXPIRED, "");

    static Cause renamedTo(byte[] to) {
        return new Cause(ChangeKind.CHANGE_KIND_RENAMED_FROM, Keys.text(to));
    }

    static Cause renamedFrom(byte[] from) {
        return new Cause(ChangeKind.CHANGE_KIND_RENAMED_TO, Keys.text(from));
    }

    static Cause copiedFrom(byte[] from) {
        return new Cause(ChangeKind.CHANGE_KIND_COPIED, Keys.text(from));
    }
}
