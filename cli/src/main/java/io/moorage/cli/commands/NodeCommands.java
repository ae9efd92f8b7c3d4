package io.moorage.cli.commands;

import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stopping and starting single nodes, gently or not. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Stops and starts single storage nodes of the cluster on this machine.",
        subcommands = {NodeCommands.Stop.class, NodeCommands.Start.class})
public final class NodeCommands implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "stop or start?");
    }

    /** Stops a node. */
    @Command(name = "stop", mixinStandardHelpOptions = true, description = "Stops a storage node.")
    static final class Stop implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "NODE")
        private String name;

        @Option(names = "--signal", defaultValue = "TERM", description = "TERM (default), INT or KILL")
        private String signal;

        @Override
        public Integer call() throws IOException {
            if (!List.of("TERM", "INT", "KILL").contains(signal)) {
                throw Failure.of(Failure.USAGE, "--signal '" + signal + "' must be TERM, INT or KILL");
            }
            ManagedProcess process = session.cluster().process(name);
            boolean ran = process.handle().isPresent();
            process.signal(signal);
            if (!process.awaitExit(30)) {
                throw Failure.of(Failure.FAILED, name + " did not stop within 30 s; try --signal KILL");
            }
            if (session.json()) {
                session.printJson(Map.of("node", name, "stopped", ran));
            } else {
                session.say(ran ? name + " is stopped" : name + " was not running");
            }
            return 0;
        }
    }

    /** Starts a node. */
    @Command(name = "start", mixinStandardHelpOptions = true, description = "Starts a storage node that is stopped.")
    static final class Start implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "NODE")
        private String name;

        @Override
        public Integer call() throws IOException {
            LocalCluster cluster = session.cluster();
            ManagedProcess process = cluster.node(name);
            if (process.handle().isPresent()) {
                session.say(name + " is running already");
            } else {
                cluster.startNode(cluster.file().names().indexOf(name), session::say);
            }
            if (session.json()) {
                session.printJson(Map.of("node", name));
            }
            return 0;
        }
    }
}
