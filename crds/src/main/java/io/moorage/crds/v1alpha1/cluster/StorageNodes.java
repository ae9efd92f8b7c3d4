package io.moorage.crds.v1alpha1.cluster;

/** What the storage nodes of a StorageCluster are called, and where they are reached: agreed on by all who look for them. */
public final class StorageNodes {
    /** Label of everything that belongs to a cluster: its name. */
    public static final String CLUSTER_LABEL = "moorage.io/cluster";

    public static final String COMPONENT_LABEL = "app.kubernetes.io/component";
    /** The component that storage nodes are. */
    public static final String COMPONENT = "storage-node";

    /**
     * Annotation of a pod: host:port of its storage node's services. Only where pods have no addresses of their own; otherwise
     * the name that the headless service gives them is used.
     */
    public static final String SERVICE_ADDRESS = "moorage.io/service-address";

    public static final int SERVICE_PORT = 9200;

    private StorageNodes() {}

    /** Of the StatefulSet; its pods are called this with "-0", "-1"... behind it. */
    public static String set(String cluster) {
        return cluster + "-node";
    }

    /** Of the n-th storage node and its pod. */
    public static String node(String cluster, int ordinal) {
        return set(cluster) + "-" + ordinal;
    }

    /** Of the headless service that names the pods. */
    public static String service(String cluster) {
        return cluster + "-nodes";
    }

    /** host of a storage node, as the headless service resolves it. */
    public static String host(String cluster, String namespace, String node) {
        return node + "." + service(cluster) + "." + namespace + ".svc";
    }
}
