package io.moorage.cli;

import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.LocalKubernetes;
import io.moorage.cli.cluster.LocalOperator;
import io.moorage.cli.kubernetes.Supervisor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Loads what most commands need, and what the processes of a cluster begin with, while the launcher has the JVM archive its classes
 * (JEP 350). Changes nothing and needs no cluster.
 */
public final class WarmUp {
    /** Nobody listens there: port 1 is reserved (tcpmux), and a refused connection takes no time. */
    private static final String NOBODY = "http://127.0.0.1:1";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private WarmUp() {}

    public static void main(String[] arguments) throws ClassNotFoundException, IOException, InterruptedException {
        Console nowhere = new Console(InputStream.nullInputStream(), silent(), silent(), false);
        for (List<String> command : List.of(
                List.of("--help"),
                List.of("volume", "ls", "--api", NOBODY),
                List.of("status", "--api", NOBODY, "--json"),
                List.of("ls", "a:b", "--api", NOBODY))) {
            Moorage.run(nowhere, Map.of(), command.toArray(String[]::new));
        }
        for (String main : List.of("io.moorage.node.StorageNodeMain", "io.moorage.api.ApiServerMain")) {
            Class.forName(main);
        }
        rehearse();
    }

    /** A supervisor and its operator make what a cluster consists of, but for processes: these are on hold. */
    private static void rehearse() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("moorage");
        LocalCluster cluster = LocalCluster.create(directory, 1, 0, freePort(), 128);
        cluster.hold(cluster.nodes().get(0));
        cluster.hold(cluster.api());
        try (Supervisor supervisor = Supervisor.start(directory, cluster.file().ports(), () -> 128);
                LocalOperator operator = LocalOperator.start(supervisor.url())) {
            LocalKubernetes kubernetes = new LocalKubernetes(cluster);
            kubernetes.create(1);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (kubernetes.pods().size() < 2 && System.nanoTime() < end) {
                Thread.sleep(100);
            }
        } finally {
            cluster.delete();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 60_000);
        }
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }
}
