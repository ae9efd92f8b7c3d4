package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The Service in front of the API servers. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiService(
        @JsonPropertyDescription(
                "How the API is reached: inside of the cluster only, by a port of every machine, or through a load balancer.")
        @Default("ClusterIP")
        ServiceType type,

        @JsonPropertyDescription("Port of the Service.") @Default("8000") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription("Annotations of the Service, such as those that cloud load balancers want.")
        @Size(max = 64)
        Map<String, String> annotations) {
    public ApiService {
        type = type == null ? ServiceType.CLUSTER_IP : type;
        port = port == null ? 8000 : port;
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
    }
}
