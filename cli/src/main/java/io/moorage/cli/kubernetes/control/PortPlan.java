package io.moorage.cli.kubernetes.control;

import io.moorage.cli.process.Ports.Port;
import java.util.List;

/**
 * Ports of processes, which take the place of addresses of pods. Storage nodes and API servers have slots, each with ports of its own.
 *
 * @param api port of the first API server
 * @param base 0 = the usual ports; otherwise all others are counted from it
 */
public record PortPlan(int api, int base) {
    /** Storage nodes on this machine, at most. */
    public static final int NODES = 20;
    /** API servers on this machine, at most. */
    static final int APIS = 4;

    private int port(int usual, int offset) {
        return base == 0 ? usual : base + offset;
    }

    /** Of the embedded Kubernetes. */
    public int kubernetes() {
        return port(8100, 2);
    }

    /** Of the gRPC services of a storage node. */
    public int services(int slot) {
        return port(9200, 10) + slot;
    }

    /** Of a storage node. */
    public int raft(int slot) {
        return port(9300, 30) + slot;
    }

    int nodeMetrics(int slot) {
        return port(9100, 50) + slot;
    }

    /** Of an API server. */
    public int api(int slot) {
        return slot == 0 ? api : port(8000, 2) + slot;
    }

    /** Of S3, of an API server. */
    int s3(int slot) {
        return port(9000, 70) + slot;
    }

    int apiMetrics(int slot) {
        return slot == 0 ? port(9091, 1) : port(9091, 5) + slot;
    }

    /** @param owner name of the pod */
    public List<Port> nodePorts(int slot, String owner) {
        return List.of(
                new Port(services(slot), owner + " (services)"),
                new Port(raft(slot), owner + " (Raft)"),
                new Port(nodeMetrics(slot), owner + " (metrics)"));
    }

    /** @param owner name of the pod */
    public List<Port> apiPorts(int slot, String owner) {
        return List.of(
                new Port(api(slot), owner),
                new Port(s3(slot), owner + " (S3)"),
                new Port(apiMetrics(slot), owner + " (metrics)"));
    }

    /** Of the supervisor. */
    public Port supervisorPort() {
        return new Port(kubernetes(), "the supervisor (Kubernetes API)");
    }
}
