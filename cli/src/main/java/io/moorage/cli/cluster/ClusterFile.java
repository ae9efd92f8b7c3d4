package io.moorage.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.kubernetes.control.PortPlan;
import io.moorage.cli.process.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a local cluster is: kept as cluster.json in its data directory. Immutable. What may change while it runs is in its Kubernetes.
 *
 * @param formatVersion of this file and of how the directory is laid out
 * @param program "moorage"
 * @param madeBy version of the program that made the cluster
 * @param nodes storage nodes that it begins with
 * @param portBase 0 = the usual ports; otherwise all ports are counted from it
 * @param heapMiB heap of each storage node and API server
 */
public record ClusterFile(
        int formatVersion, String program, String madeBy, int nodes, int apiPort, int portBase, int heapMiB) {
    /** 1: storage nodes that kept their own catalog, without Kubernetes. */
    public static final int FORMAT_VERSION = 2;

    static final String NAME = "cluster.json";

    private static final String PROGRAM = "moorage";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a cluster that is made now. */
    static ClusterFile create(String madeBy, int nodes, int apiPort, int portBase, int heapMiB) {
        return new ClusterFile(FORMAT_VERSION, PROGRAM, madeBy, nodes, apiPort, portBase, heapMiB);
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
                            + FORMAT_VERSION + " only: use a version that fits, also to get your files out of it",
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

    ClusterFile withHeap(int mib) {
        return new ClusterFile(formatVersion, program, madeBy, nodes, apiPort, portBase, mib);
    }

    /** Where everything listens. */
    public PortPlan ports() {
        return new PortPlan(apiPort, portBase);
    }
}
