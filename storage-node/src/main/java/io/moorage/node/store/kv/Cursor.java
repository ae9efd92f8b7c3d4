package io.moorage.node.store.kv;

/** Walks keys in unsigned byte order. Not thread-safe; close it. */
public interface Cursor extends AutoCloseable {
    boolean valid();

    byte[] key();

    byte[] value();

    void next();

    /** To the first key at or after this one. */
    void seek(byte[] key);

    @Override
    void close();
}
