package io.moorage.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a local cluster is: kept as cluster.json in its data directory. Immutable.
 *
 * @param portBase 0 = the usual ports; otherwise all ports are counted from it
 * @param heapMiB heap of each process
 */
public record ClusterFile(int formatVersion, UUID clusterId, int nodes, int apiPort, int portBase, int heapMiB) {
    public static final int FORMAT_VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "cluster.json";

    /** A port and who needs it. */
    public record Port(int number, String owner) {}

    /** Null: there is no cluster in this directory. */
    public static ClusterFile read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        ClusterFile read = JSON.readValue(file.toFile(), ClusterFile.class);
        if (read.formatVersion != FORMAT_VERSION) {
            throw new IOException(file + " has format version " + read.formatVersion + "; this program knows version "
                    + FORMAT_VERSION);
        }
        return read;
    }

    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path temporary = directory.resolve(NAME + ".new");
        Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        Files.move(temporary, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
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
        return portBase == 0 ? 9200 + node : portBase + 10 + node;
    }

    public int raftPort(int node) {
        return portBase == 0 ? 9300 + node : portBase + 30 + node;
    }

    public int nodeMetricsPort(int node) {
        return portBase == 0 ? 9100 + node : portBase + 50 + node;
    }

    public int apiMetricsPort() {
        // The nodes' metrics are beside it.
        return portBase == 0 ? 9091 : portBase + 1;
    }

    public List<Port> portsOf(int node) {
        return List.of(
                new Port(servicePort(node), nodeName(node) + " (services)"),
                new Port(raftPort(node), nodeName(node) + " (Raft)"),
                new Port(nodeMetricsPort(node), nodeName(node) + " (metrics)"));
    }

    public List<Port> apiPorts() {
        return List.of(new Port(apiPort, "the API server"), new Port(apiMetricsPort(), "the API server (metrics)"));
    }

    public List<String> serviceAddresses() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            addresses.add("127.0.0.1:" + servicePort(i));
        }
        return addresses;
    }
}
