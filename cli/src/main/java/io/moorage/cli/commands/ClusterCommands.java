package io.moorage.cli.commands;

import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import io.moorage.cli.files.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stopping a local cluster, and reading its logs. */
public final class ClusterCommands {
    private ClusterCommands() {}

    /** Stops the cluster. */
    @Command(name = "down", mixinStandardHelpOptions = true, description = "Stops the cluster on this machine.")
    public static final class Down implements Callable<Integer> {
        @Mixin
        private Session session;

        @Option(
                names = "--delete-data",
                description = "delete the cluster's directory, with everything that was stored")
        private boolean deleteData;

        @Override
        public Integer call() throws IOException {
            LocalCluster cluster = session.cluster();
            try (FileLock lock = LocalCluster.lock(cluster.directory())) {
                cluster.stop(session::say);
                if (deleteData && lock.isValid()) {
                    Trees.delete(cluster.directory());
                }
            }
            if (session.json()) {
                session.printJson(Map.of("data", cluster.directory().toString(), "deleted", deleteData));
            } else {
                session.say(
                        deleteData
                                ? "the cluster is stopped, and its data deleted"
                                : "the cluster is stopped; its data stays in " + cluster.directory());
            }
            return 0;
        }
    }

    /** Shows a log. */
    @Command(
            name = "logs",
            mixinStandardHelpOptions = true,
            description = "Shows the log of a storage node, or of `api`.")
    public static final class Logs implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "NODE", description = "name of a node, or api")
        private String name;

        @Option(names = "-n", defaultValue = "100", description = "lines (default: ${DEFAULT-VALUE})")
        private int lines;

        @Option(names = "-f", description = "go on as it grows")
        private boolean follow;

        @Override
        public Integer call() throws IOException, InterruptedException {
            ManagedProcess process = session.cluster().process(name);
            if (!Files.exists(process.logFile())) {
                throw Failure.of(Failure.NOT_FOUND, name + " has no log yet: it was never started");
            }
            long position = Files.size(process.logFile());
            process.tail(lines).forEach(System.out::println);
            while (follow) {
                try (RandomAccessFile log =
                        new RandomAccessFile(process.logFile().toFile(), "r")) {
                    byte[] more = new byte[(int) Math.min(1 << 20, Math.max(0, log.length() - position))];
                    log.seek(position);
                    log.readFully(more);
                    position += more.length;
                    System.out.write(more, 0, more.length);
                    System.out.flush();
                }
                Thread.sleep(300);
            }
            return 0;
        }
    }
}
