package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.node.replica.Directories;
import io.moorage.node.rocks.RocksResources;
import io.moorage.node.store.kv.RocksKeyValueStore;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.VolumeSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * What recording changes costs, run by hand: CPU of applying 4 KiB puts, 64 to a log entry, to a volume that records its changes
 * and to one that does not, in turns. One argument: how many keys are put over and over (default 20000).
 */
final class ChangeFeedCost {
    private static final int PUTS = 100_000;
    private static final int BATCH = 64;
    private static final int ROUNDS = 6;

    private ChangeFeedCost() {}

    public static void main(String[] arguments) throws IOException {
        int keys = arguments.length == 0 ? 20_000 : Integer.parseInt(arguments[0]);
        double[] with = new double[ROUNDS];
        double[] without = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            without[round] = run(true, keys);
            with[round] = run(false, keys);
            System.out.printf("off %.1f us, on %.1f us per put%n", without[round], with[round]);
        }
        // The first rounds warm up.
        double off = median(without);
        double on = median(with);
        System.out.printf("ratio %.3f (off %.1f us, on %.1f us per put)%n", on / off, off, on);
    }

    private static double median(double[] values) {
        double[] sorted = java.util.Arrays.copyOfRange(values, 2, values.length);
        java.util.Arrays.sort(sorted);
        return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    }

    /** Microseconds of this process' CPU per put, RocksDB's own threads included. */
    private static double run(boolean off, int keys) throws IOException {
        Path directory = Files.createTempDirectory("moorage-feed-cost");
        Random random = new Random(1);
        byte[] content = new byte[4096];
        random.nextBytes(content);
        ByteString bytes = ByteString.copyFrom(content);
        var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (RocksResources resources = new RocksResources(64 << 20, 64 << 20);
                GroupStore store = new GroupStore(RocksKeyValueStore.open(directory.resolve("state"), resources))) {
            store.apply(
                    1,
                    0,
                    CommandBatch.newBuilder()
                            .addCommands(Command.newBuilder()
                                    .setCreateVolume(CreateVolume.newBuilder()
                                            .setSpec(VolumeSpec.newBuilder()
                                                    .setName("v")
                                                    .setChanges(ChangeRetention.newBuilder()
                                                            .setOff(off)))))
                            .build());
            long before = process.getProcessCpuTime();
            for (int i = 0, index = 1; i < PUTS; index++) {
                CommandBatch.Builder batch = CommandBatch.newBuilder();
                for (int j = 0; j < BATCH; j++, i++) {
                    batch.addCommands(Command.newBuilder()
                            .setVolumeId(0)
                            .setPut(Put.newBuilder()
                                    .setKey("key/" + random.nextInt(keys))
                                    .setContent(Content.newBuilder().setInline(bytes))));
                }
                store.apply(1, index, batch.build());
            }
            return (process.getProcessCpuTime() - before) / 1000.0 / PUTS;
        } finally {
            Directories.delete(directory);
        }
    }
}
