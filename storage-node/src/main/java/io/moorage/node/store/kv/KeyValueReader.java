package io.moorage.node.store.kv;

/** Reads ordered keys. */
public interface KeyValueReader {
    /** Null: there is no such key. */
    byte[] get(Family family, byte[] key);

    /** As {@link #range}, for much that is read once: it does not push out of caches what is needed more often. */
    default Cursor scan(Family family, byte[] from, byte[] to) {
        return range(family, from, to);
    }

    /** A cursor at the first key at or after `from`, which ends before `to`. */
    Cursor range(Family family, byte[] from, byte[] to);
}
