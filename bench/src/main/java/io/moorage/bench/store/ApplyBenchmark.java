package io.moorage.bench.store;

import com.google.protobuf.ByteString;
import io.moorage.node.replica.Directories;
import io.moorage.node.rocks.RecentValues;
import io.moorage.node.rocks.RocksResources;
import io.moorage.node.store.GroupStore;
import io.moorage.node.store.kv.CachedKeyValueStore;
import io.moorage.node.store.kv.RocksKeyValueStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvPut;
import io.moorage.protocol.v1.RequestId;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What every replica does for each put of a value: applies log entries of 64 puts each, of one client, to keys that are there.
 * Time is that of the applying thread; flushing and compacting go on beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 5)
@Measurement(iterations = 8, time = 5)
public class ApplyBenchmark {
    private static final int BATCH = 64;

    @Param({"100", "4096"})
    private int valueBytes;

    @Param({"10000", "1000000"})
    private int keys;

    private final SplittableRandom random = new SplittableRandom(1);
    private Path directory;
    private RocksResources resources;
    private GroupStore store;
    private ByteString value;
    private long index;
    private long sequence;

    /** Makes the store and puts every key once. */
    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("moorage-apply");
        resources = new RocksResources(64 << 20, 64 << 20);
        store = new GroupStore(new CachedKeyValueStore(
                RocksKeyValueStore.open(directory.resolve("state"), resources), new RecentValues(16 << 20)));
        byte[] bytes = new byte[valueBytes];
        random.nextBytes(bytes);
        value = ByteString.copyFrom(bytes);
        store.apply(
                1,
                index++,
                CommandBatch.newBuilder()
                        .addCommands(Command.newBuilder()
                                .setCreateVolume(CreateVolume.newBuilder()
                                        .setSpec(VolumeSpec.newBuilder().setName("v"))))
                        .build());
        for (int key = 0; key < keys; ) {
            CommandBatch.Builder batch = batch();
            for (int i = 0; i < BATCH; i++) {
                batch.addCommands(put(key++));
            }
            store.apply(1, index++, batch.build());
        }
    }

    /** Closes and deletes it. */
    @TearDown
    public void close() throws IOException {
        store.close();
        resources.close();
        Directories.delete(directory);
    }

    /** For one put. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<?> puts() {
        CommandBatch.Builder batch = batch();
        for (int i = 0; i < BATCH; i++) {
            batch.addCommands(put(random.nextInt(keys)));
        }
        return store.apply(1, index++, batch.build()).results();
    }

    private CommandBatch.Builder batch() {
        return CommandBatch.newBuilder().setTimestampMs(index).setElapsedMs(1);
    }

    private Command put(int key) {
        sequence++;
        return Command.newBuilder()
                .setVolumeId(0)
                .setRequest(RequestId.newBuilder()
                        .setClientHigh(1)
                        .setClientLow(2)
                        .setSequence(sequence)
                        .setAcknowledgedBelow(Math.max(0, sequence - BATCH)))
                .setTransact(Transact.newBuilder()
                        .addSuccess(KvOperation.newBuilder()
                                .setPut(KvPut.newBuilder().setKey("key-" + key).setValue(value))))
                .build();
    }
}
