package io.moorage.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a local cluster is: kept as cluster.json in its data directory. Immutable.
 *
 * @param formatVersion of this file and of how the directory is laid out
 * @param program "moorage"
 * @param madeBy version of the program that made the cluster
 * @param clusterId names its groups
 * @param portBase 0 = the usual ports; otherwise all ports are counted from it
 * @param heapMiB heap of each process
 * @param bootstrapped whether its groups were made; they are never made a second time, for their members are their own from then on
 */
public record ClusterFile(
        int formatVersion,
        String program,
        String madeBy,
        UUID clusterId,
        int nodes,
        int apiPort,
        int portBase,
        int heapMiB,
        boolean bootstrapped) {
    public static final int FORMAT_VERSION = 1;
    static final String NAME = "cluster.json";

    private static final String PROGRAM = "moorage";
    private static final int S3 = 9000;
    private static final int API_METRICS = 9091;
    private static final int NODE_METRICS = 9100;
    private static final int SERVICES = 9200;
    private static final int RAFT = 9300;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A port and who needs it. */
    public record Port(int number, String owner) {}

    /** Of a cluster that is made now. */
    static ClusterFile create(String madeBy, int nodes, int apiPort, int portBase, int heapMiB) {
        return new ClusterFile(
                FORMAT_VERSION, PROGRAM, madeBy, UUID.randomUUID(), nodes, apiPort, portBase, heapMiB, false);
    }

    /**
     * Empty: there is no cluster in this directory.
     *
     * @throws Failure if what is there is not of this program, or of another format
     */
    static Optional<ClusterFile> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = JSON.readTree(file.toFile());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw refuse(file, "is damaged: " + e.getOriginalMessage(), e);
        }
        if (!PROGRAM.equals(json.path("program").asText())) {
            throw refuse(file, "is not a Moorage cluster's", null);
        }
        int format = json.path("formatVersion").asInt();
        if (format != FORMAT_VERSION) {
            throw refuse(
                    file,
                    "has format " + format + " (made by version "
                            + json.path("madeBy").asText("unknown") + "), and this program knows format "
                            + FORMAT_VERSION + " only: use a version that fits",
                    null);
        }
        try {
            return Optional.of(JSON.treeToValue(json, ClusterFile.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw refuse(file, "is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static Failure refuse(Path file, String why, Throwable cause) {
        return Failure.of(
                ExitCode.CONFLICT, file + " " + why + "; to leave it alone, name another directory with --data", cause);
    }

    void write(Path directory) throws IOException {
        WholeFile.write(
                directory.resolve(NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    ClusterFile withBootstrapped() {
        return new ClusterFile(formatVersion, program, madeBy, clusterId, nodes, apiPort, portBase, heapMiB, true);
    }

    ClusterFile withHeap(int mib) {
        return new ClusterFile(formatVersion, program, madeBy, clusterId, nodes, apiPort, portBase, mib, bootstrapped);
    }

    public static String nodeName(int node) {
        return "node-" + node;
    }

    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            names.add(nodeName(i));
        }
        return names;
    }

    public int servicePort(int node) {
        return port(SERVICES, 10) + node;
    }

    public int raftPort(int node) {
        return port(RAFT, 30) + node;
    }

    public int nodeMetricsPort(int node) {
        return port(NODE_METRICS, 50) + node;
    }

    public int apiMetricsPort() {
        return port(API_METRICS, 1);
    }

    public int s3Port() {
        return port(S3, 70);
    }

    private int port(int usual, int offset) {
        return portBase == 0 ? usual : portBase + offset;
    }

    public List<Port> portsOf(int node) {
        return List.of(
                new Port(servicePort(node), nodeName(node) + " (services)"),
                new Port(raftPort(node), nodeName(node) + " (Raft)"),
                new Port(nodeMetricsPort(node), nodeName(node) + " (metrics)"));
    }

    public List<Port> apiPorts() {
        return List.of(
                new Port(apiPort, "the API server"),
                new Port(s3Port(), "the API server (S3)"),
                new Port(apiMetricsPort(), "the API server (metrics)"));
    }

    public List<String> serviceAddresses() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            addresses.add("127.0.0.1:" + servicePort(i));
        }
        return addresses;
    }
}
