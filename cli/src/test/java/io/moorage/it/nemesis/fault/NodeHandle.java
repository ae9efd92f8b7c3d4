package io.moorage.it.nemesis.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One storage node as a process, with what can be done to it and to its disk. For one thread. */
public final class NodeHandle {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final long END_SECONDS = 20;

    private final int number;
    private final Path directory;
    private final Path synced;
    private final Path log;
    private final List<String> command;
    private final Map<String, String> environment;
    private Process process;
    private boolean paused;

    NodeHandle(int number, Path work, Network network, Map<String, String> settings) throws IOException {
        this.number = number;
        this.directory = work.resolve("node-" + number);
        this.synced = work.resolve("synced-" + number);
        this.log = work.resolve("node-" + number + ".log");
        Path hosts = Files.writeString(work.resolve("hosts-" + number), network.hosts(number));
        this.command = new ArrayList<>(List.of(
                JAVA.toString(),
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // What RaftLogSyncs needs; a JDK that knows no such option is not to mind.
                "-Djdk.attach.allowAttachSelf=true",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+EnableDynamicAgentLoading",
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                "io.moorage.it.nemesis.fault.NodeProcess",
                synced.toString()));
        this.environment = new HashMap<>(Map.of(
                "MOORAGE_NODE_NAME",
                "node-" + number,
                "MOORAGE_STORAGE_DIRECTORY",
                directory.toString(),
                "MOORAGE_STORAGE_RESERVE_BYTES",
                "16MiB",
                "MOORAGE_NETWORK_HOST",
                Network.name(number),
                "MOORAGE_NETWORK_BIND",
                network.ownAddress(number),
                "MOORAGE_NETWORK_SERVICE_PORT",
                "" + network.servicePort(number),
                "MOORAGE_NETWORK_RAFT_PORT",
                "" + network.raftPort(number),
                "MOORAGE_NETWORK_METRICS_PORT",
                "0"));
        environment.putAll(settings);
    }

    /** node-0, node-1... */
    public String name() {
        return "node-" + number;
    }

    public int number() {
        return number;
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("MOORAGE_"));
        builder.environment().putAll(environment);
        process = builder.start();
        paused = false;
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** As by kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name() + " survived kill -9");
        }
        paused = false;
    }

    /** It hands over, and ends; or is killed if that takes too long. */
    void stop() throws IOException, InterruptedException {
        tell("stop");
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
        paused = true;
    }

    void resume() throws IOException, InterruptedException {
        if (paused && isRunning()) {
            signal("CONT");
        }
        paused = false;
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    /** It dies at a step of the next put that it leads. To be asked for when nothing else is under way. */
    public void dieAt(Death.Step step) throws IOException {
        tell("die " + step);
    }

    /** See {@link NodeProcess}. */
    void tell(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        input.flush();
    }

    /** Of a node that does not run: its disk is a new one. */
    void wipe() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(synced);
    }

    /** Of a node that does not run: what was not synced to its extent files and Raft logs is lost. @return bytes */
    long loseUnsynced() throws IOException {
        Map<Path, Long> lengths = new HashMap<>();
        if (Files.exists(synced)) {
            for (String line : Files.readAllLines(synced)) {
                int space = line.lastIndexOf(' ');
                lengths.merge(Path.of(line.substring(0, space)), Long.parseLong(line.substring(space + 1)), Math::max);
            }
        }
        long lost = 0;
        for (Path file : extentFiles()) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                long kept = lengths.getOrDefault(file, 0L);
                if (raw.length() > kept) {
                    lost += raw.length() - kept;
                    raw.setLength(kept);
                }
            }
        }
        for (Path file : openLogs()) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                long kept = lengths.getOrDefault(file, 0L);
                long length = raw.length();
                lost += Math.max(0, endOfData(raw) - kept);
                // The zeros that were written ahead come back with the length.
                raw.setLength(Math.min(kept, length));
                raw.setLength(length);
            }
        }
        return lost;
    }

    /**
     * Of a node that does not run: the end of the log of each of its groups is lost, though it had been synced. What follows it are
     * zeros that were written ahead.
     */
    void tearLog(int bytes) throws IOException {
        for (Path file : openLogs()) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.setLength(Math.max(0, endOfData(raw) - bytes));
            }
        }
    }

    private List<Path> openLogs() throws IOException {
        if (!Files.exists(directory.resolve("raft"))) {
            return List.of();
        }
        try (var files = Files.walk(directory.resolve("raft"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .toList();
        }
    }

    private static long endOfData(RandomAccessFile raw) throws IOException {
        byte[] piece = new byte[1 << 16];
        for (long end = raw.length(); end > 0; end -= piece.length) {
            long from = Math.max(0, end - piece.length);
            int length = (int) (end - from);
            raw.seek(from);
            raw.readFully(piece, 0, length);
            for (int i = length - 1; i >= 0; i--) {
                if (piece[i] != 0) {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    /** Flips one bit in an extent file, if there is one with a byte in that place. @return where */
    String flip(int choice, long place) throws IOException {
        List<Path> files = extentFiles();
        if (files.isEmpty()) {
            return "nowhere";
        }
        Path file = files.get(Math.floorMod(choice, files.size()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() == 0) {
                return "nowhere";
            }
            long at = Math.floorMod(place, channel.size());
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x10));
            channel.write(one.rewind(), at);
            return file.getFileName() + " at " + at;
        } catch (NoSuchFileException goneMeanwhile) {
            return "nowhere";
        }
    }

    /** Files may come and go meanwhile. */
    private List<Path> extentFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.exists(directory)) {
            return found;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".ext")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
                if (cause instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw cause;
            }
        });
        found.sort(null);
        return found;
    }

    /** The end of what it logged, for evidence. */
    Path log() {
        return log;
    }
}
