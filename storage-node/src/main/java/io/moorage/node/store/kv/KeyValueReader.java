package io.moorage.node.store.kv;

/** Reads ordered keys. */
public interface KeyValueReader {
    /** Null: there is no such key. */
    byte[] get(Family family, byte[] key);

    /** A cursor at the first key at or after `from`, which ends before `to`. */
    Cursor range(Family family, byte[] from, byte[] to);
}
