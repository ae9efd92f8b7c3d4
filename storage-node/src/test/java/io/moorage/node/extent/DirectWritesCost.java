package io.moorage.node.extent;

import io.moorage.node.rocks.RocksResources;
import io.moorage.protocol.JoinedCrc32c;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What writing extents costs past the page cache and through it, run by hand: rate and CPU of this process (syncs included), in
 * turns. Arguments: a directory on the disk to measure, bytes of an extent (default 4194304), MiB each (default 1024).
 */
final class DirectWritesCost {
    private static final int ROUNDS = 4;
    private static final int IN_FLIGHT = 8;

    private DirectWritesCost() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "moorage-direct-writes");
        int size = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ExtentFormat.MAX_CAPACITY;
        int count = (int) ((arguments.length > 2 ? Long.parseLong(arguments[2]) : 1024) * (1 << 20) / size);
        for (int round = 0; round < ROUNDS; round++) {
            run("through the page cache", directory.resolve("cached" + round), false, size, count);
            run("past it", directory.resolve("direct" + round), true, size, count);
        }
        Files.delete(directory);
    }

    private static void run(String name, Path directory, boolean direct, int size, int count) throws Exception {
        byte[] data = new byte[size];
        new Random(1).nextBytes(data);
        ExecutorService syncer = Executors.newFixedThreadPool(4);
        ExtentStoreOptions options =
                new ExtentStoreOptions(direct, 256L << 20, 4, Duration.ofMinutes(10), Duration.ofHours(1));
        var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (RocksResources resources = new RocksResources(16 << 20, 16 << 20);
                ExtentStore store =
                        ExtentStore.open(directory, options, InstantSource.system(), syncer, Disk.SYSTEM, resources)) {
            long cpu = process.getProcessCpuTime();
            long start = System.nanoTime();
            Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
            for (int i = 0; i < count; i++) {
                underWay.add(write(store, new ExtentKey(1, 1, i + 1), data));
                if (underWay.size() > IN_FLIGHT) {
                    underWay.remove().get();
                }
            }
            for (CompletableFuture<Void> each : underWay) {
                each.get();
            }
            double mib = (double) size * count / (1 << 20);
            System.out.printf(
                    "%-24s %6.0f MiB/s %6.2f ms of CPU for a MiB%n",
                    name, mib / ((System.nanoTime() - start) / 1e9), (process.getProcessCpuTime() - cpu) / 1e6 / mib);
        } finally {
            syncer.shutdown();
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static CompletableFuture<Void> write(ExtentStore store, ExtentKey key, byte[] data) throws IOException {
        ExtentWriter writer = store.create(key, data.length);
        int[] crcs = ExtentFormat.blockCrcs(ByteBuffer.wrap(data));
        JoinedCrc32c whole = new JoinedCrc32c();
        for (int i = 0; i < crcs.length; i++) {
            whole.append(crcs[i], Math.min(ExtentFormat.BLOCK_BYTES, data.length - i * ExtentFormat.BLOCK_BYTES));
        }
        int from = 0;
        for (; data.length - from > StagedPages.MAX_BYTES; from += StagedPages.MAX_BYTES) {
            ByteBuffer part = ByteBuffer.wrap(data, from, StagedPages.MAX_BYTES);
            writer.write(List.of(part), ExtentFormat.blockCrcs(part));
        }
        ByteBuffer last = ByteBuffer.wrap(data, from, data.length - from);
        return writer.finish(List.of(last), ExtentFormat.blockCrcs(last), data.length, whole.value());
    }
}
