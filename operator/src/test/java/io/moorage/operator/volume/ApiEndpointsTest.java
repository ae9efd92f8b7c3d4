package io.moorage.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ApiStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.operator.cluster.Nodes;
import io.moorage.operator.naming.Names;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiEndpointsTest {
    private final StorageCluster cluster = Nodes.cluster(3);

    @Test
    void inKubernetesTheServiceIsNamed() {
        List<Pod> pods = List.of(pod("main-api-1", Map.of()));
        assertThat(ApiEndpoints.of(cluster, pods)).isEqualTo("http://main-api.ns.svc:8000");
        assertThat(ApiEndpoints.s3(cluster, pods)).isEqualTo("http://main-api.ns.svc:9000");
        assertThat(ApiEndpoints.of(cluster)).isEqualTo("http://main-api.ns.svc:8000");
        assertThat(ApiEndpoints.s3(cluster)).isEqualTo("http://main-api.ns.svc:9000");
    }

    @Test
    void wherePodsHaveNoAddressesTheFirstOnesPortsAreNamedAlsoWhileItIsMadeAnew() {
        List<Pod> pods = List.of(
                pod("main-api-1", Map.of(Names.SERVICE_ADDRESS, "127.0.0.1:8001", Names.S3_ADDRESS, "127.0.0.1:9001")),
                pod("main-api-0", Map.of(Names.SERVICE_ADDRESS, "127.0.0.1:8000", Names.S3_ADDRESS, "127.0.0.1:9000")));
        assertThat(ApiEndpoints.of(cluster, pods)).isEqualTo("http://127.0.0.1:8000");
        assertThat(ApiEndpoints.s3(cluster, pods)).isEqualTo("http://127.0.0.1:9000");

        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .api(ApiStatusBuilder.builder()
                        .endpoint("http://127.0.0.1:8000")
                        .s3Endpoint("http://127.0.0.1:9000/")
                        .build())
                .build());
        assertThat(ApiEndpoints.of(cluster, List.of())).isEqualTo("http://127.0.0.1:8000");
        assertThat(ApiEndpoints.s3(cluster, List.of())).isEqualTo("http://127.0.0.1:9000");
        assertThat(ApiEndpoints.s3(cluster)).isEqualTo("http://127.0.0.1:9000");
    }

    private static Pod pod(String name, Map<String, String> annotations) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }
}
