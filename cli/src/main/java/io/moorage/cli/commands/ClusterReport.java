package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.moorage.api.nodes.NodeJson;
import io.moorage.cli.Failure;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.cli.rest.ApiClient;
import io.moorage.client.MoorageClient;
import io.moorage.client.admin.NodeView;
import io.moorage.client.control.NodeStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How a cluster is doing: what the API server says of it, and on this machine what its processes do. Without an API server the
 * storage nodes are asked themselves.
 *
 * @param directory of the local cluster; null = it is somewhere else
 * @param status Ready, Degraded, Unavailable or Stopped
 * @param reason why it is not Ready, or ""
 * @param nodes by name, with the fields of {@link Member}
 * @param server null = not on this machine
 * @param supervisor null = not on this machine
 * @param volumes as the API describes them
 */
record ClusterReport(
        String directory,
        String api,
        String status,
        String reason,
        List<Member> nodes,
        Member server,
        Member supervisor,
        List<JsonNode> volumes) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DESCRIBE = Duration.ofSeconds(2);

    /**
     * A process of the cluster.
     *
     * @param pid null = it does not run, or not on this machine
     * @param state Ready, Full, Stopping, Unreachable, running (it says nothing of itself) or stopped
     * @param node what it says of itself; missing if it does not
     */
    record Member(String name, Long pid, String state, String address, JsonNode node) {
        long leads() {
            return sumOver("role", "leader");
        }

        private long sumOver(String field, String value) {
            long sum = 0;
            for (JsonNode replica : node.path("replicas")) {
                sum += replica.path(field).asText().equals(value) ? 1 : 0;
            }
            return sum;
        }

        private long sum(String field) {
            long sum = 0;
            for (JsonNode replica : node.path("replicas")) {
                sum += replica.path(field).asLong();
            }
            return sum;
        }

        long groups() {
            return node.path("replicas").size();
        }

        /** Log entries that are committed and not yet applied, of the group that is furthest behind. */
        long lag() {
            long lag = 0;
            for (JsonNode replica : node.path("replicas")) {
                lag = Math.max(lag, replica.path("lag").asLong());
            }
            return lag;
        }

        long missingExtents() {
            return sum("missingExtents");
        }

        long storedBytes() {
            return sum("storedBytes");
        }

        /** Whether it says anything of itself. */
        boolean isKnown() {
            return node.path("capacityBytes").asLong() > 0;
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", name);
            json.put("pid", pid);
            json.put("state", state);
            json.put("address", address);
            if (isKnown()) {
                json.put("groups", groups());
                json.put("leads", leads());
                json.put("lag", lag());
                json.put("missingExtents", missingExtents());
                json.put("storedBytes", storedBytes());
                json.put("freeBytes", node.path("freeBytes").asLong());
                json.put("capacityBytes", node.path("capacityBytes").asLong());
                json.put("cordoned", node.path("cordoned").asBoolean());
                json.put("version", node.path("version").asText());
            }
            return json;
        }
    }

    /** Of a cluster on this machine. */
    static ClusterReport of(LocalCluster cluster) throws IOException {
        JsonNode health = MissingNode.getInstance();
        String reason = "";
        boolean anyRuns = cluster.anyRuns();
        if (cluster.api().isRunning()) {
            try {
                health = health(new ApiClient(cluster.apiUrl(), Duration.ZERO, "see `moorage logs api`"));
                reason = health.path("reason").asText();
            } catch (Failure e) {
                reason = e.getMessage();
            }
        } else if (anyRuns) {
            reason = "the API server does not run; `moorage up` starts it";
        }
        if (anyRuns && reason.isEmpty() && !cluster.supervisor().isRunning()) {
            reason = "the supervisor does not run, so that nothing is started again or changed; `moorage up` starts it";
        }
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        if (!health.isMissingNode()) {
            health.path("nodes").forEach(node -> byName.put(node.path("name").asText(), node));
        } else if (anyRuns) {
            byName.putAll(ask(cluster));
        }
        List<Member> nodes = new ArrayList<>();
        for (ManagedProcess process : cluster.nodes()) {
            nodes.add(member(cluster, process, byName.getOrDefault(process.name(), MissingNode.getInstance())));
        }
        return new ClusterReport(
                cluster.directory().toString(),
                cluster.apiUrl(),
                anyRuns ? health.path("status").asText("Unavailable") : "Stopped",
                reason,
                nodes,
                member(cluster, cluster.api(), MissingNode.getInstance()),
                member(cluster, cluster.supervisor(), MissingNode.getInstance()),
                list(health.path("volumes")));
    }

    /** Of a cluster anywhere. @throws Failure if its API server does not answer */
    static ClusterReport of(ApiClient api) {
        JsonNode health = health(api);
        List<Member> nodes = list(health.path("nodes")).stream()
                .map(node -> new Member(
                        node.path("name").asText(),
                        null,
                        node.path("state").asText(),
                        node.path("address").asText(),
                        node))
                .toList();
        return new ClusterReport(
                null,
                api.base(),
                health.path("status").asText(),
                health.path("reason").asText(),
                nodes,
                null,
                null,
                list(health.path("volumes")));
    }

    private static JsonNode health(ApiClient api) {
        return api.get("/storage/health");
    }

    private static Map<String, JsonNode> ask(LocalCluster cluster) throws IOException {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        List<String> addresses = cluster.serviceAddresses();
        if (addresses.isEmpty()) {
            return byName;
        }
        try (MoorageClient client = new MoorageClient(addresses, 1)) {
            for (NodeView view : client.admin().describe(DESCRIBE)) {
                view.info()
                        .ifPresent(info -> byName.put(
                                info.getName(),
                                JSON.valueToTree(NodeJson.of(new NodeStatus(info.getName(), false, view)))));
            }
        }
        return byName;
    }

    private static Member member(LocalCluster cluster, ManagedProcess process, JsonNode node) throws IOException {
        var pid = process.pid();
        String said = node.path("state").asText("running");
        return new Member(
                process.name(),
                pid.isPresent() ? Long.valueOf(pid.getAsLong()) : null,
                pid.isPresent() ? said : "stopped",
                cluster.address(process),
                pid.isPresent() ? node : MissingNode.getInstance());
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> list = new ArrayList<>();
        array.forEach(list::add);
        return list;
    }

    boolean isAvailable() {
        return status.equals("Ready") || status.equals("Degraded");
    }

    /** Every process runs, every replica of every volume is there, has caught up and misses nothing. */
    boolean isWhole() {
        return status.equals("Ready")
                && others().stream().allMatch(process -> process.pid() != null)
                && nodes.stream().allMatch(node -> node.state().equals("Ready") && node.missingExtents() == 0)
                && volumes.stream()
                        .allMatch(volume ->
                                volume.path("status").path("phase").asText().equals("Ready"));
    }

    /** What runs on this machine beside the storage nodes. */
    List<Member> others() {
        return Stream.of(server, supervisor).filter(Objects::nonNull).toList();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data", directory);
        json.put("api", api);
        json.put("status", status);
        json.put("reason", reason);
        json.put("nodes", nodes.stream().map(Member::json).toList());
        json.put("apiServer", server == null ? null : server.json());
        json.put("supervisor", supervisor == null ? null : supervisor.json());
        json.put("volumes", volumes);
        return json;
    }
}
