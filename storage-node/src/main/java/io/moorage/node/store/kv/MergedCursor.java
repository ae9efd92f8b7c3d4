package io.moorage.node.store.kv;

import java.util.Arrays;
import java.util.NavigableMap;

/** A store's keys with the changes of a transaction on top. */
final class MergedCursor implements Cursor {
    private final Cursor below;
    private final MapCursor changes;
    private final byte[] deleted;
    private boolean onChange;

    MergedCursor(Cursor below, NavigableMap<byte[], byte[]> changes, byte[] from, byte[] deleted) {
        this.below = below;
        this.changes = new MapCursor(changes, from);
        this.deleted = deleted;
        settle();
    }

    @Override
    public boolean valid() {
        return onChange || below.valid();
    }

    @Override
    public byte[] key() {
        return onChange ? changes.key() : below.key();
    }

    @Override
    public byte[] value() {
        return onChange ? changes.value() : below.value();
    }

    @Override
    public void next() {
        if (onChange) {
            skipSameBelow();
            changes.next();
        } else {
            below.next();
        }
        settle();
    }

    @Override
    public void seek(byte[] key) {
        below.seek(key);
        changes.seek(key);
        settle();
    }

    @Override
    public void close() {
        below.close();
    }

    /** Stands on the smaller key; a change hides the key below it, a deletion both. */
    private void settle() {
        while (changes.valid()) {
            int order = below.valid() ? Arrays.compareUnsigned(changes.key(), below.key()) : -1;
            if (order > 0) {
                break;
            }
            if (changes.value() != deleted) {
                onChange = true;
                return;
            }
            skipSameBelow();
            changes.next();
        }
        onChange = false;
    }

    private void skipSameBelow() {
        if (below.valid() && Arrays.equals(below.key(), changes.key())) {
            below.next();
        }
    }
}
