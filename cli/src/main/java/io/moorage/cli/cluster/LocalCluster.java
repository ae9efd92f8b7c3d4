package io.moorage.cli.cluster;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.ProgramVersion;
import io.moorage.cli.kubernetes.control.PodRecord;
import io.moorage.cli.kubernetes.control.ProcessMarks;
import io.moorage.cli.process.JavaCommand;
import io.moorage.cli.process.LogTail;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.cli.process.Ports;
import io.moorage.cli.process.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A cluster of processes on this machine: a supervisor, which is a small Kubernetes with the operator in it, and what it starts as
 * pods: storage nodes and API servers, each with its own JVM, directory and log. All below one directory:
 *
 * <pre>
 * cluster.json   what it is (see {@link ClusterFile})
 * lock           held by the command that changes it
 * kubernetes/    resources
 * config/        what the processes read
 * run/           pid files, logs, what the supervisor knows of its processes
 * data/          directories of claims: what storage nodes store
 * </pre>
 *
 * Its StorageCluster is "local" in namespace "default"; other ones may be applied beside it.
 */
public final class LocalCluster {
    /** Of the StorageCluster. */
    public static final String NAME = "local";

    public static final String SUPERVISOR = "supervisor";
    /** Short for the first API server. */
    public static final String API = "api";

    private static final String NODES = NAME + "-node-";
    private static final String FIRST_API = NAME + "-api-0";
    private static final int SUPERVISOR_HEAP_MIB = 256;
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration GONE = Duration.ofSeconds(30);
    private static final Duration PORTS = Duration.ofSeconds(5);
    private static final int LAST_WORDS = 6;
    private static final Set<String> OURS =
            Set.of(ClusterFile.NAME, ClusterLock.NAME, "config", "run", "data", "kubernetes");

    private final Path directory;
    private final Path run;
    private final ProcessMarks marks;
    private ClusterFile file;

    private LocalCluster(Path directory, ClusterFile file) {
        this.directory = directory;
        this.run = directory.resolve("run");
        this.marks = new ProcessMarks(run);
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
     * @param heapMiB of each storage node and API server
     */
    public static LocalCluster create(Path directory, int nodes, int apiPort, int portBase, int heapMiB)
            throws IOException {
        checkUsable(directory);
        int api = apiPort != 0 ? apiPort : portBase == 0 ? 8000 : portBase;
        ClusterFile file = ClusterFile.create(ProgramVersion.number(), nodes, api, portBase, heapMiB);
        List<Ports.Port> ports = new ArrayList<>();
        ports.add(file.ports().supervisorPort());
        ports.addAll(file.ports().apiPorts(0, "the API server"));
        for (int node = 0; node < nodes; node++) {
            ports.addAll(file.ports().nodePorts(node, "node-" + node));
        }
        Ports.checkPlan(ports);
        Ports.awaitFree(ports, Duration.ZERO);
        file.write(directory);
        return new LocalCluster(directory, file);
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

    /** For kubectl. */
    public String kubernetesUrl() {
        return "http://127.0.0.1:" + file.ports().kubernetes();
    }

    public ManagedProcess supervisor() {
        return new ManagedProcess(SUPERVISOR, run);
    }

    /** The first API server of the StorageCluster. */
    public ManagedProcess api() {
        return new ManagedProcess(FIRST_API, run);
    }

    /** The StorageCluster's, in order; before they were ever started those that will be. */
    public List<ManagedProcess> nodes() throws IOException {
        List<ManagedProcess> started = pods(name -> name.matches(NODES + "\\d+"));
        if (!started.isEmpty()) {
            return started;
        }
        List<ManagedProcess> planned = new ArrayList<>();
        for (int node = 0; node < file.nodes(); node++) {
            planned.add(new ManagedProcess(NODES + node, run));
        }
        return planned;
    }

    /** Processes of all pods that were started and are not gone for good. */
    public List<ManagedProcess> pods() throws IOException {
        return pods(name -> true);
    }

    private List<ManagedProcess> pods(Predicate<String> wanted) throws IOException {
        return ManagedProcess.in(run).stream()
                .filter(name -> !name.equals(SUPERVISOR))
                .filter(wanted)
                .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                .map(name -> new ManagedProcess(name, run))
                .toList();
    }

    /** The supervisor, the storage nodes, the API server. */
    public List<ManagedProcess> essential() throws IOException {
        List<ManagedProcess> all = new ArrayList<>();
        all.add(supervisor());
        all.addAll(nodes());
        all.add(api());
        return all;
    }

    public boolean anyRuns() throws IOException {
        for (ManagedProcess process : pods()) {
            if (process.isRunning()) {
                return true;
            }
        }
        return supervisor().isRunning();
    }

    /** The whole name of one that is called "node-1" or "api" for short. */
    public static String fullName(String name) {
        return name.equals(API) ? FIRST_API : name.matches("node-\\d+") ? NAME + "-" + name : name;
    }

    /** A pod's process, or the supervisor's. @throws Failure if there is none of that name */
    public ManagedProcess process(String name) throws IOException {
        String full = fullName(name);
        List<String> known = new ArrayList<>();
        essential().forEach(process -> known.add(process.name()));
        pods().forEach(process -> known.add(process.name()));
        if (!known.contains(full)) {
            throw Failure.of(
                    ExitCode.NOT_FOUND,
                    "there is no node '" + name + "'; there are "
                            + String.join(", ", known.stream().distinct().toList()));
        }
        return new ManagedProcess(full, run);
    }

    /** host:port of a process; "" while it has none. */
    public String address(ManagedProcess process) throws IOException {
        if (process.name().equals(SUPERVISOR)) {
            return "127.0.0.1:" + file.ports().kubernetes();
        }
        return PodRecord.read(run, process.name()).map(PodRecord::address).orElse("");
    }

    /** host:port of the storage nodes that were ever started. */
    public List<String> serviceAddresses() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (ManagedProcess node : nodes()) {
            String address = address(node);
            if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** From the next start of a process. @param mib heap */
    public void setHeap(int mib) throws IOException {
        file = file.withHeap(mib);
        file.write(directory);
    }

    /** The supervisor lets it end, and does not start it again before {@link #release}. */
    public void hold(ManagedProcess pod) throws IOException {
        marks.stop(pod.name());
    }

    /** The supervisor starts it as soon as it does not run, however often it has ended before. */
    public void release(ManagedProcess pod) throws IOException {
        marks.want(pod.name());
    }

    /**
     * Starts the supervisor, which does not run; does not wait for it.
     *
     * @throws Failure if one that was killed does not go, or somebody else has a port that is needed
     */
    public void startSupervisor() throws IOException {
        ManagedProcess supervisor = supervisor();
        List<Ports.Port> needed = new ArrayList<>(List.of(file.ports().supervisorPort()));
        awaitGone(supervisor);
        for (ManagedProcess pod : pods()) {
            if (!pod.isRunning()) {
                awaitGone(pod);
                needed.addAll(portsOf(pod));
            }
        }
        // Where nobody says that a process is ending, its ports do.
        Ports.awaitFree(needed, PORTS);
        supervisor.start(JavaCommand.ofParent(
                "io.moorage.cli.cluster.SupervisorMain", supervisor, directory, SUPERVISOR_HEAP_MIB));
    }

    private static void awaitGone(ManagedProcess process) throws IOException {
        if (!process.awaitExit(GONE)) {
            throw Failure.of(
                    ExitCode.FAILED,
                    process.name() + " was killed and is not gone after " + GONE.toSeconds()
                            + " s; it may hang in the kernel, on a disk that does not answer");
        }
    }

    private List<Ports.Port> portsOf(ManagedProcess pod) throws IOException {
        String address = address(pod);
        return address.isEmpty()
                ? List.of()
                : List.of(new Ports.Port(Integer.parseInt(address.substring(address.indexOf(':') + 1)), pod.name()));
    }

    /**
     * Stops everything: the supervisor first, so that it starts nothing again, then API servers, then all storage nodes at once. Those
     * that do not end are killed, which is said.
     */
    public void stop(Consumer<String> say) throws IOException {
        stop(List.of(supervisor()), say);
        stop(pods(name -> !name.contains("-node-")), say);
        stop(pods(), say);
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

    /** What a process said last, on lines of its own. */
    public static String lastWords(ManagedProcess process) throws IOException {
        List<String> output = LogTail.of(process.outputFile(), LAST_WORDS);
        List<String> lines = output.isEmpty() ? LogTail.of(process.logFile(), LAST_WORDS) : output;
        StringBuilder text = new StringBuilder("\n" + process.name() + " does not run; the end of "
                + (output.isEmpty() ? process.logFile() : process.outputFile()) + ":");
        lines.forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }
}
