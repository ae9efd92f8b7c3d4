package io.moorage.cli.cluster;

import io.moorage.cli.kubernetes.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background program of a local cluster. One argument: the cluster's directory. The pods' processes do not end with it.
 *
 * <p>Exit codes: 0 stopped when asked to; 64 there is no cluster; 69 its port is taken, or another one is at work; 70 anything else.
 */
public final class SupervisorMain {
    private static final int EXIT_USAGE = 64;
    private static final int EXIT_TAKEN = 69;
    private static final int EXIT_SOFTWARE = 70;

    private SupervisorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: supervisor DIRECTORY");
            System.exit(EXIT_USAGE);
        }
        Logger log = LoggerFactory.getLogger(SupervisorMain.class);
        Path directory = Path.of(arguments[0]);
        try {
            ClusterFile file = LocalCluster.find(directory)
                    .orElseThrow(() -> new IllegalArgumentException("there is no cluster in " + directory))
                    .file();
            Supervisor supervisor = Supervisor.start(directory, file.ports(), () -> heap(directory));
            log.info("Kubernetes' API is at {}", supervisor.url());
            LocalOperator operator = LocalOperator.start(supervisor.url());
            log.info("the operator is at work");
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(operator, supervisor, stopped, log), "stop"));
            stopped.await();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_TAKEN);
        } catch (RuntimeException e) {
            log.error("the supervisor cannot start", e);
            System.err.println("the supervisor cannot start: " + e.getMessage());
            System.exit(EXIT_SOFTWARE);
        }
    }

    /** As it is said now: {@code moorage up --heap} changes it for the next start of a process. */
    private static int heap(Path directory) {
        try {
            return LocalCluster.find(directory).orElseThrow().file().heapMiB();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(LocalOperator operator, Supervisor supervisor, CountDownLatch stopped, Logger log) {
        operator.close();
        try {
            supervisor.close();
        } catch (IOException e) {
            log.error("stopping", e);
        }
        stopped.countDown();
    }
}
