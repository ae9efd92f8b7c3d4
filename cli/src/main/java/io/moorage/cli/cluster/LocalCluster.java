package io.moorage.cli.cluster;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.ProgramVersion;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.control.ClusterBootstrap;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A cluster of processes on this machine: storage nodes and an API server, each with its own JVM, data directory and log, below
 * one directory:
 *
 * <pre>
 * cluster.json   what it is (see {@link ClusterFile})
 * lock           held by the command that changes it
 * config/        what the processes read
 * run/           pid files and logs
 * data/NODE/     what a storage node stores
 * </pre>
 *
 * Whoever starts or stops something holds a {@link ClusterLock}.
 */
public final class LocalCluster {
    public static final String API = "api";
    /** Storage nodes of a cluster on one machine, at most. */
    public static final int MOST_NODES = 20;

    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration GONE = Duration.ofSeconds(30);
    private static final Duration PORTS = Duration.ofSeconds(5);
    private static final Duration BOOTSTRAP = Duration.ofSeconds(120);
    private static final Duration BOOTSTRAP_ATTEMPT = Duration.ofSeconds(5);
    private static final int LAST_WORDS = 6;
    private static final Set<String> OURS = Set.of(ClusterFile.NAME, ClusterLock.NAME, "config", "run", "data");

    private final Path directory;
    private ClusterFile file;

    private LocalCluster(Path directory, ClusterFile file) {
        this.directory = directory;
        this.file = file;
    }

    /** Empty: there is none in this directory. @throws Failure if there is one that this program cannot use */
    public static Optional<LocalCluster> find(Path directory) throws IOException {
        return ClusterFile.read(directory).map(file -> new LocalCluster(directory, file));
    }

    /** @throws Failure if the directory holds something else */
    public static void checkUsable(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw Failure.usage(directory + " is not a directory: name one with --data");
        }
        if (!Files.exists(directory) || ClusterFile.read(directory).isPresent()) {
            return;
        }
        try (var entries = Files.list(directory)) {
            Optional<Path> foreign = entries.filter(
                            entry -> !entry.getFileName().toString().equals(ClusterLock.NAME))
                    .findFirst();
            if (foreign.isPresent()) {
                throw Failure.of(
                        ExitCode.CONFLICT,
                        directory + " is not a cluster's directory, and is not empty (it holds "
                                + foreign.get().getFileName() + "): name another one with --data");
            }
        }
    }

    /**
     * Makes one, if its ports are free; nothing is started.
     *
     * @param apiPort 0 = what follows from the port base
     * @param portBase 0 = the usual ports
     * @param heapMiB of each process
     */
    public static LocalCluster create(Path directory, int nodes, int apiPort, int portBase, int heapMiB)
            throws IOException {
        checkUsable(directory);
        int api = apiPort != 0 ? apiPort : portBase == 0 ? 8000 : portBase;
        LocalCluster cluster =
                new LocalCluster(directory, ClusterFile.create(ProgramVersion.number(), nodes, api, portBase, heapMiB));
        Ports.checkPlan(cluster.ports(cluster.processes()));
        Ports.awaitFree(cluster.ports(cluster.processes()), Duration.ZERO);
        cluster.file.write(directory);
        return cluster;
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

    public ManagedProcess api() {
        return new ManagedProcess(API, directory.resolve("run"));
    }

    public List<ManagedProcess> nodes() {
        return file.names().stream().map(this::process).toList();
    }

    /** The storage nodes, then the API server. */
    public List<ManagedProcess> processes() {
        List<ManagedProcess> all = new ArrayList<>(nodes());
        all.add(api());
        return all;
    }

    /** A storage node, or "api". @throws Failure if there is none of that name */
    public ManagedProcess process(String name) {
        if (!name.equals(API) && !file.names().contains(name)) {
            throw Failure.of(
                    ExitCode.NOT_FOUND,
                    "there is no node '" + name + "'; there are " + String.join(", ", file.names()) + " and " + API);
        }
        return new ManagedProcess(name, directory.resolve("run"));
    }

    /** host:port of a process. */
    public String address(String name) {
        return name.equals(API)
                ? "127.0.0.1:" + file.apiPort()
                : file.serviceAddresses().get(file.names().indexOf(name));
    }

    /** From the next start of a process. @param mib heap */
    public void setHeap(int mib) throws IOException {
        file = file.withHeap(mib);
        file.write(directory);
    }

    /** Those that do not run. */
    public List<ManagedProcess> stopped() throws IOException {
        List<ManagedProcess> stopped = new ArrayList<>();
        for (ManagedProcess process : processes()) {
            if (!process.isRunning()) {
                stopped.add(process);
            }
        }
        return stopped;
    }

    /**
     * Waits until processes that do not run any more are gone, with all that they held, so that they can be started again.
     *
     * @throws Failure if one does not go, or somebody else has a port that it needs
     */
    public void awaitGone(List<ManagedProcess> stopped) throws IOException {
        for (ManagedProcess process : stopped) {
            if (!process.awaitExit(GONE)) {
                throw Failure.of(
                        ExitCode.FAILED,
                        process.name() + " was killed and is not gone after " + GONE.toSeconds()
                                + " s; it may hang in the kernel, on a disk that does not answer");
            }
        }
        // Where nobody says that a process is ending, its ports do.
        Ports.awaitFree(ports(stopped), PORTS);
    }

    private List<ClusterFile.Port> ports(List<ManagedProcess> of) {
        List<ClusterFile.Port> ports = new ArrayList<>();
        for (ManagedProcess process : of) {
            ports.addAll(
                    process.name().equals(API)
                            ? file.apiPorts()
                            : file.portsOf(file.names().indexOf(process.name())));
        }
        return ports;
    }

    /** Starts a process that does not run; does not wait for it to serve. */
    public void start(ManagedProcess process) throws IOException {
        boolean isApi = process.name().equals(API);
        Path config = isApi
                ? ConfigFiles.writeApi(directory, file)
                : ConfigFiles.writeNode(directory, file, file.names().indexOf(process.name()));
        String main = isApi ? "io.moorage.api.ApiServerMain" : "io.moorage.node.StorageNodeMain";
        process.start(JavaCommand.of(main, process, config, file.heapMiB()));
    }

    /**
     * Makes the groups of a new cluster, once all its nodes serve; nothing for one that has them.
     *
     * @throws Failure if a node dies or does not serve in time; what it said last is in the message
     */
    public void bootstrap() throws IOException {
        if (file.bootstrapped()) {
            return;
        }
        long end = System.nanoTime() + BOOTSTRAP.toNanos();
        try (MoorageClient client = new MoorageClient(file.serviceAddresses(), 1)) {
            while (!file.bootstrapped()) {
                try {
                    new ClusterBootstrap(client).run(file.clusterId(), BOOTSTRAP_ATTEMPT);
                    file = file.withBootstrapped();
                    file.write(directory);
                } catch (MoorageException e) {
                    String dead = lastWords(nodes());
                    boolean passing = e.code() == ErrorCode.ERROR_CODE_UNAVAILABLE;
                    if (!passing || !dead.isEmpty() || System.nanoTime() > end) {
                        throw Failure.of(ExitCode.UNAVAILABLE, e.getMessage() + dead, e);
                    }
                }
            }
        }
    }

    /** Stops the API server first, then the nodes at once; those that do not end are killed, which is said. */
    public void stop(Consumer<String> say) throws IOException {
        stop(List.of(api()), say);
        stop(nodes(), say);
    }

    private static void stop(List<ManagedProcess> processes, Consumer<String> say) throws IOException {
        for (ManagedProcess process : processes) {
            process.signal("TERM");
        }
        for (ManagedProcess process : processes) {
            if (!process.awaitExit(STOP)) {
                say.accept(process.name() + " did not stop within " + STOP.toSeconds() + " s and is killed");
                process.signal("KILL");
                if (!process.awaitExit(STOP)) {
                    throw Failure.of(
                            ExitCode.FAILED,
                            process.name() + " cannot be killed;"
                                    + " it may hang in the kernel, on a disk that does not answer");
                }
            }
        }
    }

    /** Deletes the cluster: its files, and its directory if nothing else is in it. Nothing may run. */
    public void delete() throws IOException {
        for (String name : OURS) {
            Path entry = directory.resolve(name);
            if (Files.exists(entry)) {
                Trees.delete(entry);
            }
        }
        try (var left = Files.list(directory)) {
            if (left.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(directory);
    }

    /** What those of them that do not run said last, each on lines of its own; "" if all run. */
    public static String lastWords(List<ManagedProcess> processes) throws IOException {
        StringBuilder text = new StringBuilder();
        for (ManagedProcess process : processes) {
            if (!process.isRunning()) {
                text.append("\n").append(process.name()).append(" does not run; the end of ");
                List<String> output = LogTail.of(process.outputFile(), LAST_WORDS);
                text.append(output.isEmpty() ? process.logFile() : process.outputFile())
                        .append(":");
                List<String> lines = output.isEmpty() ? LogTail.of(process.logFile(), LAST_WORDS) : output;
                lines.forEach(line -> text.append("\n  ").append(line));
            }
        }
        return text.toString();
    }
}
