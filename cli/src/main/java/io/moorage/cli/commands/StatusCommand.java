package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.Table;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How the cluster on this machine is doing. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows the processes of the cluster on this machine, their roles, lag and disks, and its volumes.")
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Session session;

    @Override
    public Integer call() throws IOException {
        LocalCluster cluster = session.cluster();
        JsonNode health = health(cluster);
        Map<String, JsonNode> byName = new HashMap<>();
        if (health != null) {
            health.get("nodes").forEach(node -> byName.put(node.get("name").asText(), node));
        }
        List<Map<String, Object>> processes = new ArrayList<>();
        for (ManagedProcess process : cluster.processes()) {
            processes.add(describe(cluster, process, byName.get(process.name())));
        }
        if (session.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("data", cluster.directory().toString());
            json.put("api", cluster.apiUrl());
            json.put(
                    "status",
                    health == null ? "Unavailable" : health.get("status").asText());
            json.put("processes", processes);
            json.put("volumes", health == null ? List.of() : health.get("volumes"));
            session.printJson(json);
            return 0;
        }
        print(cluster, health, processes);
        return 0;
    }

    private static JsonNode health(LocalCluster cluster) {
        try {
            return new ApiClient(cluster.apiUrl(), Duration.ZERO).get("/storage/health");
        } catch (Failure e) {
            return null;
        }
    }

    private static Map<String, Object> describe(LocalCluster cluster, ManagedProcess process, JsonNode node)
            throws IOException {
        Map<String, Object> row = new LinkedHashMap<>();
        var handle = process.handle();
        boolean isApi = process.name().equals("api");
        row.put("name", process.name());
        row.put("pid", handle.map(ProcessHandle::pid).orElse(null));
        row.put(
                "state",
                handle.isEmpty()
                        ? "stopped"
                        : node == null ? "running" : node.get("state").asText());
        row.put(
                "address",
                isApi
                        ? "127.0.0.1:" + cluster.file().apiPort()
                        : cluster.file()
                                .serviceAddresses()
                                .get(cluster.file().names().indexOf(process.name())));
        if (node != null && node.get("replicas").size() > 0) {
            int leads = 0;
            long lag = 0;
            long missing = 0;
            long stored = 0;
            for (JsonNode replica : node.get("replicas")) {
                leads += replica.get("role").asText().equals("leader") ? 1 : 0;
                lag = Math.max(lag, replica.get("lag").asLong());
                missing += replica.get("missingExtents").asLong();
                stored += replica.get("storedBytes").asLong();
            }
            row.put("groups", node.get("replicas").size());
            row.put("leads", leads);
            row.put("lag", lag);
            row.put("missingExtents", missing);
            row.put("storedBytes", stored);
            row.put("freeBytes", node.get("freeBytes").asLong());
        }
        return row;
    }

    private static void print(LocalCluster cluster, JsonNode health, List<Map<String, Object>> processes) {
        System.out.println("Cluster in " + cluster.directory() + ", API at " + cluster.apiUrl() + ": "
                + (health == null ? "not available" : health.get("status").asText()));
        Table table = new Table().row("NODE", "PID", "STATE", "ADDRESS", "LEADS", "LAG", "MISSING", "STORED", "FREE");
        for (Map<String, Object> row : processes) {
            boolean known = row.containsKey("groups");
            table.row(
                    row.get("name"),
                    row.get("pid") == null ? "-" : row.get("pid"),
                    row.get("state"),
                    row.get("address"),
                    known ? row.get("leads") + "/" + row.get("groups") : "-",
                    known ? row.get("lag") : "-",
                    known ? row.get("missingExtents") : "-",
                    known ? Sizes.show((Long) row.get("storedBytes")) : "-",
                    known ? Sizes.show((Long) row.get("freeBytes")) : "-");
        }
        System.out.print(table);
        if (health != null && health.get("volumes").size() > 0) {
            System.out.println();
            Table volumes = new Table().row("VOLUME", "STATUS", "REPLICAS", "ENTRIES", "SIZE");
            for (JsonNode volume : health.get("volumes")) {
                List<String> roles = new ArrayList<>();
                volume.get("status")
                        .get("replicas")
                        .forEach(replica -> roles.add(replica.get("node").asText() + " "
                                + replica.get("role").asText()
                                + (replica.get("state").asText().equals("ready")
                                        ? ""
                                        : " (" + replica.get("state").asText() + ")")));
                volumes.row(
                        volume.get("name").asText(),
                        volume.get("status").get("phase").asText(),
                        String.join(", ", roles),
                        volume.get("usage").get("entries").asLong(),
                        Sizes.show(volume.get("usage").get("bytes").asLong()));
            }
            System.out.print(volumes);
        }
    }
}
