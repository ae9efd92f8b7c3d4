package io.moorage.cli.cluster;

import io.moorage.cli.Failure;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.control.ClusterBootstrap;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A cluster of processes on this machine: storage nodes and an API server, each with its own JVM, data directory and log, below
 * one directory.
 */
public final class LocalCluster {
    private static final int STOP_SECONDS = 20;
    private static final Duration BOOTSTRAP = Duration.ofSeconds(90);

    private final Path directory;
    private final ClusterFile file;

    private LocalCluster(Path directory, ClusterFile file) {
        this.directory = directory;
        this.file = file;
    }

    /** Null: there is none in this directory. */
    public static LocalCluster find(Path directory) throws IOException {
        ClusterFile file = ClusterFile.read(directory);
        return file == null ? null : new LocalCluster(directory, file);
    }

    /** @throws Failure if the directory holds something else */
    public static LocalCluster create(Path directory, int nodes, int apiPort, int portBase, int heapMiB)
            throws IOException {
        if (Files.exists(directory)) {
            try (var entries = Files.list(directory)) {
                if (entries.anyMatch(entry -> !entry.getFileName().toString().equals("lock"))) {
                    throw Failure.of(
                            Failure.USAGE,
                            "directory " + directory
                                    + " is not empty, and is not a cluster's: name another one with --data");
                }
            }
        }
        ClusterFile file =
                new ClusterFile(ClusterFile.FORMAT_VERSION, UUID.randomUUID(), nodes, apiPort, portBase, heapMiB);
        file.write(directory);
        return new LocalCluster(directory, file);
    }

    /** Held while the cluster is being changed. @throws Failure if somebody else is at it */
    public static FileLock lock(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw Failure.of(
                    Failure.CONFLICT,
                    "another command is starting or stopping the cluster in " + directory + " right now");
        }
        return lock;
    }

    public ClusterFile file() {
        return file;
    }

    public Path directory() {
        return directory;
    }

    public String apiUrl() {
        return "http://127.0.0.1:" + file.apiPort();
    }

    public ManagedProcess node(String name) {
        if (!file.names().contains(name)) {
            throw Failure.of(Failure.NOT_FOUND, "there is no node '" + name + "'; there are " + file.names());
        }
        return new ManagedProcess(name, directory.resolve("run"));
    }

    public ManagedProcess api() {
        return new ManagedProcess("api", directory.resolve("run"));
    }

    /** Node or API server. */
    public ManagedProcess process(String name) {
        return name.equals("api") ? api() : node(name);
    }

    public List<ManagedProcess> processes() {
        List<ManagedProcess> all = new ArrayList<>();
        file.names().forEach(name -> all.add(node(name)));
        all.add(api());
        return all;
    }

    /** Starts what does not run, and makes the groups of a new cluster. */
    public void start(Consumer<String> progress) throws IOException {
        checkPorts();
        for (int i = 0; i < file.nodes(); i++) {
            startNode(i, progress);
        }
        progress.accept("waiting for the storage nodes and their groups");
        bootstrap();
        if (api().handle().isEmpty()) {
            progress.accept("starting the API server on port " + file.apiPort());
            api().start(Launch.api(directory, file));
        }
    }

    /** Tries for a while, but not once a node has died: its log says why. */
    private void bootstrap() throws IOException {
        long end = System.nanoTime() + BOOTSTRAP.toNanos();
        try (MoorageClient client = new MoorageClient(file.serviceAddresses(), 1)) {
            while (true) {
                try {
                    new ClusterBootstrap(client).run(file.clusterId(), Duration.ofSeconds(3));
                    return;
                } catch (MoorageException e) {
                    String dead = deadNodes();
                    if (e.code() != ErrorCode.ERROR_CODE_UNAVAILABLE || !dead.isEmpty() || System.nanoTime() > end) {
                        throw Failure.of(Failure.UNAVAILABLE, e.getMessage() + "\n" + dead);
                    }
                }
            }
        }
    }

    public void startNode(int node, Consumer<String> progress) throws IOException {
        ManagedProcess process = node(ClusterFile.nodeName(node));
        if (process.handle().isEmpty()) {
            progress.accept("starting " + process.name() + " on port " + file.servicePort(node));
            process.start(Launch.node(directory, file, node));
        }
    }

    /** Stops the API server first, then the nodes; those that do not end are killed. */
    public void stop(Consumer<String> progress) throws IOException {
        ManagedProcess api = api();
        api.signal("TERM");
        if (!api.awaitExit(STOP_SECONDS)) {
            kill(api, progress);
        }
        List<ManagedProcess> nodes = file.names().stream().map(this::node).toList();
        for (ManagedProcess node : nodes) {
            node.signal("TERM");
        }
        for (ManagedProcess node : nodes) {
            if (!node.awaitExit(STOP_SECONDS)) {
                kill(node, progress);
            }
        }
    }

    private static void kill(ManagedProcess process, Consumer<String> progress) throws IOException {
        progress.accept(process.name() + " did not stop within " + STOP_SECONDS + " s and is killed");
        process.signal("KILL");
        process.awaitExit(STOP_SECONDS);
    }

    private String deadNodes() throws IOException {
        return lastWords(file.names().stream().map(this::node).toList());
    }

    /** What processes that ended too early said last. */
    public String deadProcesses() throws IOException {
        return lastWords(processes());
    }

    private static String lastWords(List<ManagedProcess> processes) throws IOException {
        StringBuilder text = new StringBuilder();
        for (ManagedProcess process : processes) {
            Optional<ProcessHandle> handle = process.handle();
            if (handle.isEmpty() && Files.exists(process.logFile())) {
                text.append(process.name())
                        .append(" does not run; the end of ")
                        .append(process.logFile())
                        .append(":\n");
                process.tail(5).forEach(line -> text.append("  ").append(line).append('\n'));
            }
        }
        return text.toString().stripTrailing();
    }

    /** Before anything is started: a port that somebody else has. */
    private void checkPorts() throws IOException {
        List<ClusterFile.Port> needed = new ArrayList<>();
        for (int i = 0; i < file.nodes(); i++) {
            if (node(ClusterFile.nodeName(i)).handle().isEmpty()) {
                needed.addAll(file.portsOf(i));
            }
        }
        if (api().handle().isEmpty()) {
            needed.addAll(file.apiPorts());
        }
        List<String> taken = new ArrayList<>();
        for (ClusterFile.Port port : needed) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress("0.0.0.0", port.number()));
            } catch (IOException e) {
                taken.add(port.number() + " for " + port.owner());
            }
        }
        if (!taken.isEmpty()) {
            throw Failure.of(
                    Failure.CONFLICT,
                    "these ports are taken: " + String.join(", ", taken)
                            + ". Stop what has them, or move all ports with --port-base in a new data directory");
        }
    }
}
