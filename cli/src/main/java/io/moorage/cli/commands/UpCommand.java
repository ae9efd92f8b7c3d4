package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.cluster.ClusterLock;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.LocalKubernetes;
import io.moorage.cli.kubernetes.control.PortPlan;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.cli.rest.ApiRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a cluster on this machine. */
@Command(
        name = "up",
        description = {
            "Starts a cluster on this machine; each storage node is a process of its own. A supervisor, which is a small",
            "Kubernetes with Moorage's operator, starts them again when they end. Run again, it starts what does not run."
        })
public final class UpCommand implements Callable<Integer> {
    private static final int DEFAULT_NODES = 3;
    private static final int DEFAULT_HEAP = 512;
    private static final int SMALLEST_HEAP = 128;
    private static final Duration READY = Duration.ofSeconds(90);

    private final Session session;
    private final long began = System.nanoTime();

    @Option(names = "--nodes", paramLabel = "N", description = "storage nodes of a new cluster (default: 3)")
    private Integer nodes;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "port of the API server of a new cluster (default: 8000)")
    private Integer port;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "count all ports of a new cluster from this one, rather than use the usual ones")
    private Integer portBase;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            description = "heap of each process, from its next start (default: 512)")
    private Integer heap;

    @Option(names = "--volume", paramLabel = "NAME", description = "make this volume, unless it is there")
    private String volume;

    @Option(names = "--foreground", description = "stay, and stop the cluster on Ctrl-C")
    private boolean foreground;

    UpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkRanges();
        Path directory = session.dataDirectory();
        LocalCluster.checkUsable(directory);
        LocalCluster cluster;
        try (ClusterLock lock = ClusterLock.take(directory)) {
            cluster = startUnder(lock, directory);
        }
        summary(cluster);
        return foreground ? new Foreground(session, cluster).stay() : ExitCode.DONE.number();
    }

    private LocalCluster startUnder(ClusterLock held, Path directory) throws IOException {
        Optional<LocalCluster> found = LocalCluster.find(directory);
        found.ifPresent(this::checkSame);
        LocalCluster cluster = found.isPresent() ? found.get() : create(directory);
        if (heap != null && heap != cluster.file().heapMiB()) {
            cluster.setHeap(heap);
        }
        if (foreground) {
            Foreground.stopAtExit(session, cluster);
        }
        if (cluster.supervisor().isRunning() && new Readiness(cluster).isServing()) {
            session.say("The cluster in " + directory + " is running already.");
        } else {
            session.say((found.isEmpty() ? "A new cluster in " : "The cluster in ") + directory);
            start(cluster);
        }
        checkNodes(cluster);
        if (volume != null) {
            session.client()
                    .send(ApiRequest.of("POST", "/storage/volumes?wait=30s").json(Map.of("name", volume)));
        }
        return cluster;
    }

    /** The supervisor starts everything else, and finds what runs already. */
    private void start(LocalCluster cluster) throws IOException {
        Steps steps = new Steps(session);
        Readiness readiness = new Readiness(cluster);
        for (ManagedProcess pod : cluster.pods()) {
            cluster.release(pod);
        }
        if (!cluster.supervisor().isRunning()) {
            steps.run("starting the supervisor, Kubernetes' API at " + cluster.kubernetesUrl(), () -> {
                cluster.startSupervisor();
                readiness.awaitKubernetes(READY);
            });
        }
        LocalKubernetes kubernetes = new LocalKubernetes(cluster);
        int wanted = kubernetes.nodes().orElseGet(() -> {
            kubernetes.create(cluster.file().nodes());
            return cluster.file().nodes();
        });
        steps.run("waiting for " + nodeCount(wanted), () -> readiness.awaitNodes(wanted, READY));
        steps.run("waiting for the groups of the cluster", () -> readiness.awaitCluster(READY));
        steps.run("waiting for the API server at " + cluster.apiUrl(), () -> readiness.awaitApi(READY));
    }

    private void checkRanges() {
        if (nodes != null && (nodes < 1 || nodes > PortPlan.NODES)) {
            throw Failure.usage("--nodes is " + nodes + "; it must be 1 to " + PortPlan.NODES);
        }
        if (port != null && (port < 1 || port > 65_535)) {
            throw Failure.usage("--port is " + port + "; it must be 1 to 65535");
        }
        if (portBase != null && (portBase < 1024 || portBase > 65_000)) {
            throw Failure.usage("--port-base is " + portBase + "; it must be 1024 to 65000");
        }
        if (heap != null && heap < SMALLEST_HEAP) {
            throw Failure.usage("--heap is " + heap + "; it must be " + SMALLEST_HEAP + " (MiB) or more");
        }
    }

    private LocalCluster create(Path directory) throws IOException {
        return LocalCluster.create(
                directory,
                nodes == null ? DEFAULT_NODES : nodes,
                port == null ? 0 : port,
                portBase == null ? 0 : portBase,
                heap == null ? DEFAULT_HEAP : heap);
    }

    private void checkSame(LocalCluster cluster) {
        same(cluster, "--port-base", portBase, cluster.file().portBase());
        same(cluster, "--port", port, cluster.file().apiPort());
    }

    private void checkNodes(LocalCluster cluster) {
        int is = new LocalKubernetes(cluster).nodes().orElse(0);
        if (nodes != null && nodes != is) {
            throw Failure.of(
                    ExitCode.CONFLICT,
                    "--nodes is " + nodes + ", and the cluster in " + cluster.directory() + " has " + is
                            + ": to change that, kubectl --server " + cluster.kubernetesUrl() + " scale storagecluster/"
                            + LocalCluster.NAME + " --replicas " + nodes);
        }
    }

    private static void same(LocalCluster cluster, String option, Integer asked, int is) {
        if (asked != null && asked != is) {
            throw Failure.of(
                    ExitCode.CONFLICT,
                    "the cluster in " + cluster.directory() + " was made with " + option + " " + is + ", and " + asked
                            + " is asked for: leave " + option + " out, or name another directory with --data");
        }
    }

    private void summary(LocalCluster cluster) throws IOException {
        if (session.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("api", cluster.apiUrl());
            json.put("data", cluster.directory().toString());
            json.put("kubernetes", cluster.kubernetesUrl());
            json.put("nodes", cluster.nodes().stream().map(ManagedProcess::name).toList());
            session.printJson(json);
            session.console().out().flush();
            return;
        }
        String options = session.dataOption();
        String name = volume == null ? "photos" : volume;
        session.say("");
        session.say("Moorage is up after " + Sizes.show(Duration.ofNanos(System.nanoTime() - began)) + ": "
                + nodeCount(cluster.nodes().size()) + " and an API server at " + cluster.apiUrl());
        session.say("Its Kubernetes: kubectl --server " + cluster.kubernetesUrl() + " get moorage,pods");
        session.say("Data and logs are in " + cluster.directory());
        session.say("");
        session.say("Next:");
        if (volume == null) {
            session.say("  moorage" + options + " volume create " + name);
        }
        session.say("  moorage" + options + " put -r DIRECTORY " + name + ":");
        session.say("  moorage" + options + " ls -l " + name + ":");
        session.say("  moorage" + options + " status");
        session.say(foreground ? "Ctrl-C stops it." : "  moorage" + options + " down");
    }

    private static String nodeCount(int count) {
        return count + (count == 1 ? " storage node" : " storage nodes");
    }
}
