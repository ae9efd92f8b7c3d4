package io.moorage.cli.process;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether ports can be had. */
public final class Ports {
    private static final int HIGHEST = 65_535;
    private static final long LOOK_EVERY_MILLIS = 50;

    private Ports() {}

    /** A port and who needs it. */
    public record Port(int number, String owner) {}

    /** @throws Failure if one is out of range, or needed twice */
    public static void checkPlan(List<Port> ports) {
        Map<Integer, String> owners = new HashMap<>();
        for (Port port : ports) {
            if (port.number() < 1 || port.number() > HIGHEST) {
                throw Failure.usage("port " + port.number() + " for " + port.owner()
                        + " is out of range: choose a smaller --port-base");
            }
            String other = owners.put(port.number(), port.owner());
            if (other != null) {
                throw Failure.usage("port " + port.number() + " would be needed by " + other + " and by " + port.owner()
                        + ": choose another --port or --port-base");
            }
        }
    }

    /**
     * @param patience how long to wait for them
     * @throws Failure naming all that somebody else has
     */
    public static void awaitFree(List<Port> ports, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<String> taken = taken(ports);
        while (!taken.isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.of(ExitCode.FAILED, "interrupted", e);
            }
            taken = taken(ports);
        }
        if (!taken.isEmpty()) {
            throw Failure.of(
                    ExitCode.CONFLICT,
                    (taken.size() == 1 ? "a port is taken: " : "ports are taken: ") + String.join(", ", taken)
                            + ". Nothing was started. Stop what has them, or make a cluster with other ports:"
                            + " moorage up --data DIR --port-base 21000");
        }
    }

    /** Those that somebody has, as in "9200 for node-0 (services)". */
    public static List<String> taken(List<Port> ports) {
        return ports.stream()
                .filter(port -> !isFree(port.number()))
                .map(port -> port.number() + " for " + port.owner())
                .toList();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do it: connections of before, in TIME_WAIT, are no obstacle.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
