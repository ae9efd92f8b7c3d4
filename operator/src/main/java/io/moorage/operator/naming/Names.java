package io.moorage.operator.naming;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.cluster.StorageNodes;
import java.util.Map;

/** Names and labels of what belongs to a storage cluster. */
public final class Names {
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String OPERATOR = "moorage-operator";
    public static final String CLUSTER_LABEL = StorageNodes.CLUSTER_LABEL;
    public static final String COMPONENT_LABEL = StorageNodes.COMPONENT_LABEL;
    public static final String STORAGE_NODE = StorageNodes.COMPONENT;
    public static final String API_SERVER = "api-server";

    public static final int SERVICE_PORT = StorageNodes.SERVICE_PORT;
    public static final int RAFT_PORT = 9300;
    public static final int METRICS_PORT = 9091;
    public static final int API_PORT = 8000;
    public static final int S3_PORT = 9000;

    public static final String SERVICE_ADDRESS = StorageNodes.SERVICE_ADDRESS;

    /** Annotation of a pod: host:port where its API server serves S3. Only where pods have no addresses of their own. */
    public static final String S3_ADDRESS = "moorage.io/s3-address";

    /** Annotation of a StorageCluster: when the number of its nodes was changed by spec.autoscaling. */
    public static final String SCALED = "moorage.io/autoscaled-at";

    private Names() {}

    /** Of the StatefulSet; its pods are called this with "-0", "-1"... behind it. */
    public static String nodes(HasMetadata cluster) {
        return StorageNodes.set(cluster.getMetadata().getName());
    }

    /** Of the headless service that names the pods, and of the configuration. */
    public static String nodesService(HasMetadata cluster) {
        return StorageNodes.service(cluster.getMetadata().getName());
    }

    /** Of the n-th storage node and its pod. */
    public static String node(HasMetadata cluster, int ordinal) {
        return StorageNodes.node(cluster.getMetadata().getName(), ordinal);
    }

    /** Of the Secret that a user's access keys are in. */
    public static String secret(StorageUser user) {
        return user.getSpec().secretName() == null
                ? user.getMetadata().getName()
                : user.getSpec().secretName();
    }

    /** The claim of a storage node. */
    public static String claim(String node) {
        return "data-" + node;
    }

    /** Of the Deployment and the Service of the API servers. */
    public static String api(HasMetadata cluster) {
        return cluster.getMetadata().getName() + "-api";
    }

    /** The Secret, made by the user, whose `keys` has the keys of the cluster by which S3 encrypts. */
    public static String s3EncryptionKeys(HasMetadata cluster) {
        return cluster.getMetadata().getName() + "-s3-encryption";
    }

    /** host of a storage node, as the headless service resolves it. */
    public static String host(HasMetadata cluster, String node) {
        return StorageNodes.host(
                cluster.getMetadata().getName(), cluster.getMetadata().getNamespace(), node);
    }

    /** The ordinal of a storage node's name; -1 if it is none of this cluster. */
    public static int ordinal(HasMetadata cluster, String node) {
        String prefix = nodes(cluster) + "-";
        return node.startsWith(prefix) && node.substring(prefix.length()).matches("\\d{1,6}")
                ? Integer.parseInt(node.substring(prefix.length()))
                : -1;
    }

    /** What selects the pods of a component; never changes, because selectors cannot. */
    public static Map<String, String> selector(HasMetadata cluster, String component) {
        return Map.of(CLUSTER_LABEL, cluster.getMetadata().getName(), COMPONENT_LABEL, component);
    }

    /** Labels of everything that belongs to a component of a cluster. */
    public static Map<String, String> labels(HasMetadata cluster, String component) {
        return Map.of(
                CLUSTER_LABEL,
                cluster.getMetadata().getName(),
                COMPONENT_LABEL,
                component,
                MANAGED_BY,
                OPERATOR,
                "app.kubernetes.io/name",
                "moorage",
                "app.kubernetes.io/instance",
                cluster.getMetadata().getName());
    }
}
