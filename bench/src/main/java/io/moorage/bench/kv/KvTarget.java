package io.moorage.bench.kv;

/** A key-value store that is measured. Thread-safe. */
interface KvTarget extends AutoCloseable {
    void put(String key, byte[] value);

    /** @param strong linearizable; otherwise whatever the replica that is asked has */
    void get(String key, boolean strong);

    /**
     * Writes if the key still has this version.
     *
     * @param version 0 = there is no such key
     * @return the version of the key now
     * @throws IllegalStateException if it has another version
     */
    long compareAndSwap(String key, long version, byte[] value);

    /** In one step: two keys are read, and two others written, if a fifth does not exist. */
    void transact(String absent, String[] read, String[] written, byte[] value);

    @Override
    void close();
}
