package io.moorage.node.store;

import io.moorage.protocol.v1.ChangeKind;

/**
 * Why an entry changes, for those who follow the changes.
 *
 * @param otherKey where it came from or went to, or ""
 * @param deleteMarker a deletion left a delete marker
 */
record Cause(ChangeKind kind, String otherKey, boolean deleteMarker) {
    static final Cause PUT = new Cause(ChangeKind.CHANGE_KIND_PUT);
    static final Cause APPENDED = new Cause(ChangeKind.CHANGE_KIND_APPENDED);
    static final Cause DELETED = new Cause(ChangeKind.CHANGE_KIND_DELETED);
    static final Cause EXPIRED = new Cause(ChangeKind.CHANGE_KIND_EXPIRED);
    static final Cause RESTORED = new Cause(ChangeKind.CHANGE_KIND_RESTORED);
    static final Cause AMENDED = new Cause(ChangeKind.CHANGE_KIND_AMENDED);

    private Cause(ChangeKind kind) {
        this(kind, "", false);
    }

    /** The same, where deleting leaves a delete marker. */
    Cause withMarker() {
        return new Cause(kind, otherKey, true);
    }

    static Cause renamedTo(byte[] to) {
        return new Cause(ChangeKind.CHANGE_KIND_RENAMED_FROM, Keys.text(to), false);
    }

    static Cause renamedFrom(byte[] from) {
        return new Cause(ChangeKind.CHANGE_KIND_RENAMED_TO, Keys.text(from), false);
    }

    static Cause copiedFrom(byte[] from) {
        return new Cause(ChangeKind.CHANGE_KIND_COPIED, Keys.text(from), false);
    }
}
