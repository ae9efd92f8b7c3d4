package io.moorage.operator.volume;

import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;

/** Where a cluster's API is reached. */
public final class ApiEndpoints {
    private ApiEndpoints() {}

    /** URL without a slash at its end. */
    public static String of(StorageCluster cluster) {
        if (cluster.getStatus() != null
                && cluster.getStatus().api() != null
                && cluster.getStatus().api().endpoint() != null) {
            String endpoint = cluster.getStatus().api().endpoint();
            return endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        }
        return "http://" + Names.api(cluster) + "." + cluster.getMetadata().getNamespace() + ".svc:"
                + cluster.getSpec().api().service().port();
    }

    /** URL of the S3 service: the port beside that of the API on the same host; behind something else, a path of it. */
    public static String s3(StorageCluster cluster) {
        String api = of(cluster);
        String port = ":" + cluster.getSpec().api().service().port();
        return api.endsWith(port) ? api.substring(0, api.length() - port.length()) + ":" + Names.S3_PORT : api + "/s3";
    }
}
