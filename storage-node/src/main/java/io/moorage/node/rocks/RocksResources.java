package io.moorage.node.rocks;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Memory that all RocksDB instances of a node share: one block cache, one bound on memtables, and a few write batches, so that memory does not grow
 * with the number of groups. Thread-safe. Close after every database that uses it.
 */
public final class RocksResources implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private final Cache blockCache;
    private final WriteBufferManager writeBuffers;
    private final WriteBatches writeBatches = new WriteBatches();

    /**
     * @param blockCacheBytes blocks, indexes and filters
     * @param writeBufferBytes memtables of all databases together; past it they are flushed
     */
    public RocksResources(long blockCacheBytes, long writeBufferBytes) {
        this.blockCache = new LRUCache(blockCacheBytes);
        // Memtables are accounted against their own cache, so that they do not push blocks out.
        this.writeBuffers = new WriteBufferManager(writeBufferBytes, new LRUCache(writeBufferBytes));
    }

    public Cache blockCache() {
        return blockCache;
    }

    public WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    public WriteBatches writeBatches() {
        return writeBatches;
    }

    /** Bytes of the block cache in use. */
    public long cachedBytes() {
        return blockCache.getUsage();
    }

    @Override
    public void close() {
        writeBatches.close();
        writeBuffers.close();
        blockCache.close();
    }
}
