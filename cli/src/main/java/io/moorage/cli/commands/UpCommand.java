package io.moorage.cli.commands;

import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a cluster on this machine. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts a cluster on this machine; each storage node is a process of its own.")
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private Session session;

    @Option(names = "--nodes", description = "storage nodes of a new cluster (default: 3)")
    private Integer nodes;

    @Option(names = "--port", description = "port of the API server of a new cluster (default: 8000)")
    private Integer port;

    @Option(
            names = "--port-base",
            defaultValue = "0",
            description = "count all ports of a new cluster from this one, rather than use the usual ones")
    private int portBase;

    @Option(
            names = "--heap",
            defaultValue = "512",
            paramLabel = "MIB",
            description = "heap of each process of a new cluster (default: ${DEFAULT-VALUE})")
    private int heap;

    @Option(names = "--foreground", description = "stay, and stop the cluster on Ctrl-C")
    private boolean foreground;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LocalCluster cluster;
        try (FileLock lock = LocalCluster.lock(session.dataDirectory())) {
            cluster = LocalCluster.find(session.dataDirectory());
            boolean made = cluster == null;
            if (made) {
                cluster = make();
            } else {
                checkSame(cluster);
            }
            boolean running = !made && isWhole(cluster) && isReady(cluster);
            if (running) {
                session.say("the cluster in " + cluster.directory() + " is running already");
            } else {
                cluster.start(step -> session.say("· " + step));
                awaitReady(cluster);
            }
            summary(cluster);
        }
        if (foreground) {
            stayUntilStopped(cluster);
        }
        return 0;
    }

    private LocalCluster make() throws IOException {
        int count = nodes == null ? 3 : nodes;
        if (count < 1 || count > 20) {
            throw Failure.of(Failure.USAGE, "--nodes is " + count + "; it must be 1 to 20");
        }
        if (portBase != 0 && (portBase < 1024 || portBase > 65_000)) {
            throw Failure.of(Failure.USAGE, "--port-base is " + portBase + "; it must be 1024 to 65000");
        }
        int apiPort = port != null ? port : portBase == 0 ? 8000 : portBase;
        return LocalCluster.create(session.dataDirectory(), count, apiPort, portBase, heap);
    }

    private void checkSame(LocalCluster cluster) {
        if (nodes != null && nodes != cluster.file().nodes()) {
            throw Failure.of(
                    Failure.CONFLICT,
                    "the cluster in " + cluster.directory() + " has "
                            + cluster.file().nodes() + " nodes, not " + nodes
                            + ": leave --nodes out, or name another directory with --data");
        }
        if (port != null && port != cluster.file().apiPort()) {
            throw Failure.of(
                    Failure.CONFLICT,
                    "the cluster in " + cluster.directory() + " has its API server on port "
                            + cluster.file().apiPort() + ": leave --port out, or name another directory with --data");
        }
    }

    private static boolean isWhole(LocalCluster cluster) throws IOException {
        for (ManagedProcess process : cluster.processes()) {
            if (process.handle().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Processes that are just dying are there still, and do not answer. */
    private static boolean isReady(LocalCluster cluster) {
        try {
            new ApiClient(cluster.apiUrl(), Duration.ofSeconds(3)).get("/storage/health/ready");
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private void awaitReady(LocalCluster cluster) throws IOException, InterruptedException {
        session.say("· waiting for the API server");
        ApiClient client = new ApiClient(cluster.apiUrl(), Duration.ZERO);
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                client.get("/storage/health/ready");
                return;
            } catch (Failure e) {
                boolean dead = cluster.api().handle().isEmpty();
                if (dead || System.nanoTime() > end) {
                    throw Failure.of(
                            Failure.UNAVAILABLE,
                            "the cluster did not become ready: " + e.getMessage() + "\n" + cluster.deadProcesses());
                }
            }
            Thread.sleep(200);
        }
    }

    private void summary(LocalCluster cluster) {
        if (session.json()) {
            session.printJson(Map.of(
                    "api", cluster.apiUrl(),
                    "data", cluster.directory().toString(),
                    "nodes", cluster.file().names()));
            return;
        }
        session.say("");
        session.say("Moorage is up: " + cluster.file().nodes() + " storage nodes, API at " + cluster.apiUrl());
        session.say("Data is in " + cluster.directory());
        session.say("Next:");
        session.say("  moorage volume create photos");
        session.say("  moorage put README.md photos:readme.md");
        session.say("  moorage ls photos:");
        session.say("  moorage status        moorage down");
    }

    private void stayUntilStopped(LocalCluster cluster) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                session.say("stopping");
                cluster.stop(session::say);
            } catch (IOException e) {
                System.err.println("moorage: " + e.getMessage());
            } finally {
                stopped.countDown();
            }
        }));
        stopped.await();
    }
}
