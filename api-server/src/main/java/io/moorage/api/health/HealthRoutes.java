package io.moorage.api.health;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Routes;
import io.moorage.api.nodes.NodeJson;
import io.moorage.api.volumes.VolumeJson;
import io.moorage.client.MoorageException;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.control.VolumeStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether this server lives, whether it can serve, and how the whole cluster is doing, at /storage/health. */
public final class HealthRoutes {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final ControlPlane plane;

    private HealthRoutes(ControlPlane plane) {
        this.plane = plane;
    }

    public static void register(Routes routes, ControlPlane plane) {
        HealthRoutes health = new HealthRoutes(plane);
        routes.get("/storage/health", health::report)
                .probe("/storage/health/live", exchange -> exchange.json(200, Map.of("status", "live")))
                .probe("/storage/health/ready", health::ready);
    }

    /** Ready: a leader of the cluster answers this server. Kubernetes may be away. */
    private void ready(Exchange exchange) throws IOException {
        try {
            plane.probe(PROBE_TIMEOUT);
            exchange.json(200, Map.of("status", "ready"));
        } catch (MoorageException e) {
            exchange.context().header("Retry-After", "2");
            exchange.json(503, Map.of("status", "not ready", "reason", e.getMessage()));
        }
    }

    private void report(Exchange exchange) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        String status = "Ready";
        String reason = "";
        List<VolumeStatus> volumes = List.of();
        try {
            volumes = plane.volumes();
            for (VolumeStatus volume : volumes) {
                if (volume.phase() == VolumeStatus.Phase.UNAVAILABLE) {
                    status = "Unavailable";
                } else if (volume.phase() == VolumeStatus.Phase.DEGRADED && status.equals("Ready")) {
                    status = "Degraded";
                }
            }
        } catch (MoorageException e) {
            status = "Unavailable";
            reason = e.getMessage();
        }
        var nodes = plane.nodes();
        if (status.equals("Ready")
                && nodes.stream().anyMatch(node -> !node.view().reachable())) {
            status = "Degraded";
        }
        String trouble = plane.trouble();
        if (!trouble.isEmpty()) {
            status = status.equals("Ready") ? "Degraded" : status;
            reason = reason.isEmpty() ? trouble : reason + "; " + trouble;
        }
        json.put("status", status);
        json.put("reason", reason);
        json.put("volumes", volumes.stream().map(VolumeJson::of).toList());
        json.put("nodes", nodes.stream().map(NodeJson::of).toList());
        exchange.json(200, json);
    }
}
