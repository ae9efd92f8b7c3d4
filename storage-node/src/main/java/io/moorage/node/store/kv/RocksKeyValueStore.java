package io.moorage.node.store.kv;

import io.moorage.node.rocks.RocksResources;
import io.moorage.node.rocks.WriteBatches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A group's store in RocksDB. The write-ahead log is off (the Raft log is the log) and flushes are atomic across families, so
 * that what is on disk is always the state after some applied log entry.
 */
public final class RocksKeyValueStore implements KeyValueStore {
    private static final int MIB = 1024 * 1024;
    private static final byte[] DEFAULT_FAMILY = "default".getBytes(StandardCharsets.UTF_8);

    private final RocksDB db;
    private final WriteBatches batches;
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final List<RocksObject> owned = new ArrayList<>();
    private final WriteOptions writeOptions = own(new WriteOptions().setDisableWAL(true));
    private final ReadOptions readOptions = own(new ReadOptions());

    private RocksKeyValueStore(Path directory, RocksResources resources) throws RocksDBException {
        batches = resources.writeBatches();
        DBOptions options = own(new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setWriteBufferManager(resources.writeBuffers())
                .setMaxOpenFiles(256)
                .setMaxBackgroundJobs(2)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(4 * MIB)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
        BloomFilter bloom = own(new BloomFilter(10));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(DEFAULT_FAMILY, own(new ColumnFamilyOptions())));
        for (Family family : Family.values()) {
            BlockBasedTableConfig table = new BlockBasedTableConfig()
                    .setBlockCache(resources.blockCache())
                    .setFilterPolicy(bloom)
                    .setCacheIndexAndFilterBlocks(true)
                    .setBlockSize(16 * 1024);
            ColumnFamilyOptions family_ = own(new ColumnFamilyOptions()
                    .setTableFormatConfig(table)
                    .setWriteBufferSize((family == Family.DATA ? 16 : 8) * MIB)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION));
            if (family == Family.REFS) {
                // Most that are asked for are not there: 64 KiB of filter for what is in memory.
                family_.setMemtablePrefixBloomSizeRatio(1 / 128.0).setMemtableWholeKeyFiltering(true);
            }
            if (family == Family.DATA) {
                // Values of some KiB are kept out of the tree: compaction then moves references, not the bytes.
                family_.setEnableBlobFiles(true)
                        .setMinBlobSize(1024)
                        .setBlobFileSize(64L * MIB)
                        .setEnableBlobGarbageCollection(true)
                        .setCompressionType(CompressionType.NO_COMPRESSION);
            }
            descriptors.add(new ColumnFamilyDescriptor(family.name().getBytes(StandardCharsets.UTF_8), family_));
        }
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        db = RocksDB.open(options, directory.toString(), descriptors, opened);
        own(opened.get(0));
        for (Family family : Family.values()) {
            handles.put(family, own(opened.get(family.ordinal() + 1)));
        }
    }

    /** Opens or makes the store; the directory's parents are made. */
    public static RocksKeyValueStore open(Path directory, RocksResources resources) throws IOException {
        Files.createDirectories(directory);
        try {
            return new RocksKeyValueStore(directory, resources);
        } catch (RocksDBException e) {
            throw new IOException("store " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] get(Family family, byte[] key) {
        return get(readOptions, family, key);
    }

    @Override
    public Cursor range(Family family, byte[] from, byte[] to) {
        return new RocksCursor(null, family, from, to);
    }

    @Override
    public View view() {
        return new RocksView();
    }

    @Override
    public void write(List<RangeDelete> deletes, List<Mutation> mutations) {
        WriteBatch batch = batches.take();
        try {
            for (RangeDelete delete : deletes) {
                batch.deleteRange(handles.get(delete.family()), delete.from(), delete.to());
            }
            for (Mutation mutation : mutations) {
                ColumnFamilyHandle handle = handles.get(mutation.family());
                if (mutation.value() == null) {
                    batch.delete(handle, mutation.key());
                } else {
                    batch.put(handle, mutation.key(), mutation.value());
                }
            }
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw new StoreIoException("store cannot be written: " + e.getMessage(), e);
        } finally {
            batches.giveBack(batch);
        }
    }

    @Override
    public void flush() {
        if (!db.isOwningHandle()) {
            // RocksDB would not notice.
            throw new IllegalStateException("store is closed");
        }
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options, new ArrayList<>(handles.values()));
        } catch (RocksDBException e) {
            throw new StoreIoException("store cannot be flushed: " + e.getMessage(), e);
        }
    }

    @Override
    public void checkpoint(Path directory) throws IOException {
        flush();
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (RocksDBException e) {
            throw new IOException("checkpoint " + directory + " cannot be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (!db.isOwningHandle()) {
            return;
        }
        db.cancelAllBackgroundWork(true);
        for (int i = owned.size() - 1; i >= 0; i--) {
            if (owned.get(i) instanceof ColumnFamilyHandle handle) {
                handle.close();
            }
        }
        db.close();
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
    }

    private <T extends RocksObject> T own(T object) {
        owned.add(object);
        return object;
    }

    private byte[] get(ReadOptions options, Family family, byte[] key) {
        try {
            return db.get(handles.get(family), options, key);
        } catch (RocksDBException e) {
            throw new StoreIoException("store cannot be read: " + e.getMessage(), e);
        }
    }

    private final class RocksView implements View {
        private final Snapshot snapshot = db.getSnapshot();
        private final ReadOptions options = new ReadOptions().setSnapshot(snapshot);

        @Override
        public byte[] get(Family family, byte[] key) {
            return RocksKeyValueStore.this.get(options, family, key);
        }

        @Override
        public Cursor range(Family family, byte[] from, byte[] to) {
            return new RocksCursor(snapshot, family, from, to);
        }

        @Override
        public Cursor scan(Family family, byte[] from, byte[] to) {
            return new RocksCursor(snapshot, family, from, to, false);
        }

        @Override
        public void close() {
            options.close();
            db.releaseSnapshot(snapshot);
            snapshot.close();
        }
    }

    private final class RocksCursor implements Cursor {
        private final Slice upper;
        private final ReadOptions options;
        private final RocksIterator iterator;

        RocksCursor(Snapshot snapshot, Family family, byte[] from, byte[] to) {
            this(snapshot, family, from, to, true);
        }

        /** @param keep in the block cache what is read */
        RocksCursor(Snapshot snapshot, Family family, byte[] from, byte[] to, boolean keep) {
            upper = new Slice(to);
            options = new ReadOptions().setIterateUpperBound(upper).setFillCache(keep);
            if (snapshot != null) {
                options.setSnapshot(snapshot);
            }
            iterator = db.newIterator(handles.get(family), options);
            iterator.seek(from);
        }

        @Override
        public boolean valid() {
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw new StoreIoException("store cannot be read: " + e.getMessage(), e);
            }
            return false;
        }

        @Override
        public byte[] key() {
            return iterator.key();
        }

        @Override
        public byte[] value() {
            return iterator.value();
        }

        @Override
        public void next() {
            iterator.next();
        }

        @Override
        public void seek(byte[] key) {
            iterator.seek(key);
        }

        @Override
        public void close() {
            iterator.close();
            options.close();
            upper.close();
        }
    }
}
