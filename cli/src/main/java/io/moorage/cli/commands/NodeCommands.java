package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.ClusterLock;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Single nodes: their processes on this machine, and what the cluster does with them. */
@Command(
        name = "node",
        description = "Stops and starts single processes of the cluster on this machine; cordons and drains nodes.",
        subcommands = {
            NodeCommands.Stop.class,
            NodeCommands.Start.class,
            NodeCommands.Cordon.class,
            NodeCommands.Uncordon.class,
            NodeCommands.Drain.class
        })
public final class NodeCommands implements Runnable {
    private static final Duration EXIT = Duration.ofSeconds(30);
    private static final Duration READY = Duration.ofSeconds(60);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "which one: stop, start, cordon, uncordon or drain?");
    }

    /** Stops a process. */
    @Command(
            name = "stop",
            description = "Stops a storage node of the cluster on this machine, or `api`, until it is started again.")
    static final class Stop implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NODE")
        private String name;

        @Option(names = "--signal", defaultValue = "TERM", description = "TERM (default), INT or KILL")
        private String signal;

        Stop(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            String upper = signal.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
            if (!List.of("TERM", "INT", "KILL").contains(upper)) {
                throw Failure.usage("--signal '" + signal + "' must be TERM, INT or KILL");
            }
            LocalCluster cluster = session.cluster();
            ManagedProcess process = cluster.process(name);
            boolean ran;
            try (ClusterLock lock = ClusterLock.take(cluster.directory())) {
                ran = process.isRunning();
                if (!process.name().equals(LocalCluster.SUPERVISOR)) {
                    cluster.hold(process);
                }
                process.signal(upper);
                if (!process.awaitExit(EXIT)) {
                    throw Failure.of(
                            ExitCode.FAILED,
                            process.name() + " did not stop within " + EXIT.toSeconds() + " s; try --signal KILL");
                }
            }
            if (session.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("node", process.name());
                json.put("stopped", ran);
                session.printJson(json);
            } else {
                session.say(process.name() + (ran ? " is stopped" : " was not running"));
            }
            return ExitCode.DONE.number();
        }
    }

    /** Starts a process. */
    @Command(
            name = "start",
            description = "Starts a storage node that is stopped, or `api`, and waits until it serves.")
    static final class Start implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NODE")
        private String name;

        Start(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            LocalCluster cluster = session.cluster();
            ManagedProcess process = cluster.process(name);
            boolean started = !process.isRunning();
            try (ClusterLock lock = ClusterLock.take(cluster.directory())) {
                if (!process.name().equals(LocalCluster.SUPERVISOR)) {
                    cluster.release(process);
                }
                if (!cluster.supervisor().isRunning()) {
                    cluster.startSupervisor();
                }
            }
            new Steps(session).run("waiting for " + process.name(), () -> await(cluster, process));
            if (session.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("node", process.name());
                json.put("started", started);
                session.printJson(json);
            } else {
                session.say(process.name() + (started ? " is running" : " was running already"));
            }
            return ExitCode.DONE.number();
        }

        private static void await(LocalCluster cluster, ManagedProcess process) throws IOException {
            Readiness readiness = new Readiness(cluster);
            readiness.awaitKubernetes(READY);
            if (!process.name().equals(LocalCluster.SUPERVISOR)) {
                readiness.awaitPod(process.name(), READY);
            }
        }
    }

    /** Asks the cluster to do something about a node. */
    abstract static class Change implements Callable<Integer> {
        private final Session session;
        private final String operation;
        private final String done;

        @Parameters(paramLabel = "NODE")
        private String name;

        Change(Session session, String operation, String done) {
            this.session = session;
            this.operation = operation;
            this.done = done;
        }

        @Override
        public Integer call() throws IOException {
            String full = session.namedApi().isPresent() ? name : LocalCluster.fullName(name);
            JsonNode node =
                    session.client().send(ApiRequest.of("POST", "/storage/nodes/" + Urls.path(full) + "/" + operation));
            if (session.json()) {
                session.printJson(node);
            } else {
                session.say(full + " " + done);
            }
            return ExitCode.DONE.number();
        }
    }

    /** No new replicas. */
    @Command(name = "cordon", description = "Lets a storage node keep what it has and get nothing new.")
    static final class Cordon extends Change {
        Cordon(Session session) {
            super(session, "cordon", "gets no new replicas");
        }
    }

    /** New replicas again. */
    @Command(name = "uncordon", description = "Takes a cordon back.")
    static final class Uncordon extends Change {
        Uncordon(Session session) {
            super(session, "uncordon", "may get new replicas");
        }
    }

    /** Moves everything away. */
    @Command(
            name = "drain",
            description = "Moves all replicas of a storage node to others; `status` shows how far it is.")
    static final class Drain extends Change {
        Drain(Session session) {
            super(session, "drain", "is being drained; see `moorage status`");
        }
    }
}
