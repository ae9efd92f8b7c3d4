package io.moorage.node.scrub;

import io.moorage.node.store.kv.Family;
import java.util.UUID;

/**
 * How far a scrub has come: everything before it was read.
 *
 * @param family null: the extents of the group are being read, after that the families of its state in their order
 * @param key the next one to read, or for extents the last one that was read; empty: at the beginning
 */
record ScrubCursor(UUID group, Family family, byte[] key) {
    static ScrubCursor start(UUID group) {
        return new ScrubCursor(group, null, new byte[0]);
    }

    /** The next part of the group; null: there is none. */
    ScrubCursor nextPart() {
        int next = family == null ? 0 : family.ordinal() + 1;
        return next == Family.values().length ? null : new ScrubCursor(group, Family.values()[next], new byte[0]);
    }
}
