package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ApiStatus;
import io.moorage.operator.naming.Names;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/** Where a cluster's API is reached. */
public final class ApiEndpoints {
    private ApiEndpoints() {}

    /** URL without a slash at its end, as the cluster's status says. */
    public static String of(StorageCluster cluster) {
        return told(cluster, ApiStatus::endpoint).orElseGet(() -> service(cluster));
    }

    /** URL of S3, as the cluster's status says. */
    public static String s3(StorageCluster cluster) {
        return told(cluster, ApiStatus::s3Endpoint).orElseGet(() -> s3Service(cluster));
    }

    /** What the status should say: the Service, or the first API server where pods have addresses on their machine only. */
    public static String of(StorageCluster cluster, Collection<Pod> apiServers) {
        return onMachine(cluster, apiServers, Names.SERVICE_ADDRESS, ApiStatus::endpoint)
                .orElseGet(() -> service(cluster));
    }

    /** As {@link #of(StorageCluster, Collection)}, for S3. */
    public static String s3(StorageCluster cluster, Collection<Pod> apiServers) {
        return onMachine(cluster, apiServers, Names.S3_ADDRESS, ApiStatus::s3Endpoint)
                .orElseGet(() -> s3Service(cluster));
    }

    private static Optional<String> told(StorageCluster cluster, Function<ApiStatus, String> which) {
        return Optional.ofNullable(cluster.getStatus())
                .map(status -> status.api())
                .map(which)
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    private static Optional<String> onMachine(
            StorageCluster cluster, Collection<Pod> apiServers, String annotation, Function<ApiStatus, String> which) {
        if (apiServers.isEmpty() && cluster.getSpec().api().replicas() > 0) {
            // Between two pods: where the one was, the next will be.
            return told(cluster, which);
        }
        return apiServers.stream()
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .flatMap(pod -> Optional.ofNullable(pod.getMetadata().getAnnotations())
                        .map(annotations -> annotations.get(annotation))
                        .stream())
                .findFirst()
                .map(address -> "http://" + address);
    }

    private static String service(StorageCluster cluster) {
        return host(cluster) + ":" + cluster.getSpec().api().service().port();
    }

    private static String s3Service(StorageCluster cluster) {
        return host(cluster) + ":" + Names.S3_PORT;
    }

    private static String host(StorageCluster cluster) {
        return "http://" + Names.api(cluster) + "." + cluster.getMetadata().getNamespace() + ".svc";
    }
}
