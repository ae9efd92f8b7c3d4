package io.moorage.it.nemesis.fault;

import io.moorage.node.StorageNode;
import io.moorage.node.config.NodeConfigLoader;
import io.moorage.node.extent.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A storage node in a process of its own, whose clock and disk are told what to do on standard input: {@code clock MILLIS} ahead,
 * {@code disk ok}, {@code disk fail}, {@code disk slow MILLIS}, {@code die STEP} (see {@link Death}), {@code stop}. It writes down how
 * much of which extent file is durable, a line each: path and bytes. It ends with the process that started it.
 */
final class NodeProcess implements Disk, RaftLogSyncs.Listener {
    private final Path synced;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean failing;
    private volatile long slowMillis;

    private NodeProcess(Path synced) {
        this.synced = synced;
    }

    public static void main(String[] arguments) throws Exception {
        NodeProcess process = new NodeProcess(Path.of(arguments[0]));
        RaftLogSyncs.tell(process);
        Death.install();
        StorageNode node = StorageNode.start(
                NodeConfigLoader.load(null, System.getenv()),
                () -> Instant.now().plus(process.ahead),
                process);
        System.out.println("serving");
        try (BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                if (line.equals("stop")) {
                    node.close();
                    Runtime.getRuntime().halt(0);
                }
                process.obey(line.split(" "));
            }
        }
        Runtime.getRuntime().halt(1);
    }

    private void obey(String[] words) {
        if (words[0].equals("die")) {
            Death.at(Death.Step.valueOf(words[1]));
            System.out.println("dies at " + words[1]);
            return;
        }
        switch (String.join(" ", words).replaceAll("-?\\d+", "N")) {
            case "clock N" -> ahead = Duration.ofMillis(Long.parseLong(words[1]));
            case "disk ok" -> {
                failing = false;
                slowMillis = 0;
            }
            case "disk fail" -> failing = true;
            case "disk slow N" -> slowMillis = Long.parseLong(words[2]);
            default -> throw new IllegalArgumentException(String.join(" ", words));
        }
    }

    @Override
    public void sync(Path file, FileChannel channel) throws IOException {
        if (failing) {
            throw new IOException("input/output error, as asked for");
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(slowMillis));
        long size = channel.size();
        Death.reached(Death.Step.EXTENT_WRITTEN);
        Disk.SYSTEM.sync(file, channel);
        write(file, size);
        Death.reached(Death.Step.EXTENT_SYNCED);
    }

    @Override
    public void syncing() {
        Death.reached(Death.Step.LOG_WRITTEN);
    }

    @Override
    public void synced(Path file, long size) throws IOException {
        write(file, size);
        Death.reached(Death.Step.LOG_SYNCED);
    }

    /** Before anybody is told that it is durable. */
    private synchronized void write(Path file, long size) throws IOException {
        Files.writeString(synced, file + " " + size + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
