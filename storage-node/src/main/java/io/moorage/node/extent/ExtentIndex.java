package io.moorage.node.extent;

import io.moorage.node.rocks.RocksResources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * Where each extent is, and which files are sealed. What is not flushed is lost in a crash and found again in the files.
 * Thread-safe, also against being closed: RocksDB would read what was freed. Whoever comes later is refused.
 */
final class ExtentIndex implements AutoCloseable {
    private static final byte EXTENT = 'E';
    private static final byte SEALED = 'S';

    /** Visits extents; false ends it. */
    interface Visitor {
        boolean visit(ExtentKey key, ExtentLocation location);
    }

    private final BloomFilter bloom = new BloomFilter(10);
    private final Options options;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final RocksDB db;
    /** Held for reading while the database is used; taken for writing, for good, when it is closed. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private volatile boolean closing;

    ExtentIndex(Path directory, RocksResources resources) throws IOException {
        Files.createDirectories(directory);
        options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferManager(resources.writeBuffers())
                .setWriteBufferSize(4L << 20)
                .setMaxOpenFiles(64)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(resources.blockCache())
                        .setFilterPolicy(bloom)
                        .setCacheIndexAndFilterBlocks(true));
        try {
            db = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            throw failed("opened", e);
        }
    }

    /** Null: it is not here. */
    ExtentLocation get(ExtentKey key) throws IOException {
        enter();
        try {
            byte[] value = db.get(bytes(key));
            return value == null ? null : ExtentLocation.parse(value);
        } catch (RocksDBException e) {
            throw failed("read", e);
        } finally {
            use.readLock().unlock();
        }
    }

    void put(ExtentKey key, ExtentLocation location) throws IOException {
        put(bytes(key), location.toBytes());
    }

    void delete(ExtentKey key) throws IOException {
        enter();
        try {
            db.delete(writeOptions, bytes(key));
        } catch (RocksDBException e) {
            throw failed("written", e);
        } finally {
            use.readLock().unlock();
        }
    }

    boolean isSealed(long volume, long file) throws IOException {
        enter();
        try {
            return db.get(sealedKey(volume, file)) != null;
        } catch (RocksDBException e) {
            throw failed("read", e);
        } finally {
            use.readLock().unlock();
        }
    }

    void putSealed(long volume, long file) throws IOException {
        put(sealedKey(volume, file), new byte[0]);
    }

    void deleteSealed(long volume, long file) throws IOException {
        enter();
        try {
            db.delete(writeOptions, sealedKey(volume, file));
        } catch (RocksDBException e) {
            throw failed("written", e);
        } finally {
            use.readLock().unlock();
        }
    }

    void deleteVolume(long volume) throws IOException {
        enter();
        try {
            for (byte kind : new byte[] {EXTENT, SEALED}) {
                db.deleteRange(writeOptions, from(kind, volume), from(kind, volume + 1));
            }
        } catch (RocksDBException e) {
            throw failed("written", e);
        } finally {
            use.readLock().unlock();
        }
    }

    /** All extents in the order of their keys, as of now. */
    void forEach(Visitor visitor) {
        scan(new byte[] {EXTENT}, new byte[] {EXTENT + 1}, visitor);
    }

    /** @param after null: from the first one */
    void forEachAfter(ExtentKey after, Visitor visitor) {
        byte[] from = after == null ? new byte[] {EXTENT} : Arrays.copyOf(bytes(after), 26);
        scan(from, new byte[] {EXTENT + 1}, visitor);
    }

    void forEachIn(long volume, Visitor visitor) {
        scan(from(EXTENT, volume), from(EXTENT, volume + 1), visitor);
    }

    void flush() throws IOException {
        enter();
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush);
        } catch (RocksDBException e) {
            throw failed("flushed", e);
        } finally {
            use.readLock().unlock();
        }
    }

    /** Waits for those who are in it; a visit ends with the extent that it is at. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        use.writeLock().lock();
        db.cancelAllBackgroundWork(true);
        db.close();
        writeOptions.close();
        options.close();
        bloom.close();
    }

    /** Does not wait for one who closes it, who waits for us. */
    private void enter() throws IOException {
        if (closing || !use.readLock().tryLock()) {
            throw new IOException("the replica was closed");
        }
    }

    private void scan(byte[] from, byte[] to, Visitor visitor) {
        if (closing || !use.readLock().tryLock()) {
            return;
        }
        try (RocksIterator iterator = db.newIterator()) {
            for (iterator.seek(from); iterator.isValid() && !closing; iterator.next()) {
                byte[] key = iterator.key();
                if (Arrays.compareUnsigned(key, to) >= 0
                        || !visitor.visit(key(key), ExtentLocation.parse(iterator.value()))) {
                    return;
                }
            }
        } finally {
            use.readLock().unlock();
        }
    }

    private void put(byte[] key, byte[] value) throws IOException {
        enter();
        try {
            db.put(writeOptions, key, value);
        } catch (RocksDBException e) {
            throw failed("written", e);
        } finally {
            use.readLock().unlock();
        }
    }

    private static byte[] bytes(ExtentKey key) {
        return ByteBuffer.allocate(25)
                .put(EXTENT)
                .putLong(key.volume())
                .putLong(key.high())
                .putLong(key.low())
                .array();
    }

    private static ExtentKey key(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ExtentKey(buffer.getLong(1), buffer.getLong(9), buffer.getLong(17));
    }

    private static byte[] sealedKey(long volume, long file) {
        return ByteBuffer.allocate(17).put(SEALED).putLong(volume).putLong(file).array();
    }

    private static byte[] from(byte kind, long volume) {
        return ByteBuffer.allocate(9).put(kind).putLong(volume).array();
    }

    private static IOException failed(String what, RocksDBException e) {
        return new IOException("extent index cannot be " + what + ": " + e.getMessage(), e);
    }
}
