package io.moorage.cli.cluster;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether ports can be had. */
final class Ports {
    private static final int HIGHEST = 65_535;

    private Ports() {}

    /** @throws Failure if one is out of range, or needed twice */
    static void checkPlan(List<ClusterFile.Port> ports) {
        Map<Integer, String> owners = new HashMap<>();
        for (ClusterFile.Port port : ports) {
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

    /** @throws Failure naming all that somebody else has */
    static void checkFree(List<ClusterFile.Port> ports) {
        List<String> taken = ports.stream()
                .filter(port -> !isFree(port.number()))
                .map(port -> port.number() + " for " + port.owner())
                .collect(Collectors.toList());
        if (!taken.isEmpty()) {
            throw Failure.of(
                    ExitCode.CONFLICT,
                    (taken.size() == 1 ? "a port is taken: " : "ports are taken: ") + String.join(", ", taken)
                            + ". Nothing was started. Stop what has them, or make a cluster with other ports:"
                            + " moorage up --data DIR --port-base 21000");
        }
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
