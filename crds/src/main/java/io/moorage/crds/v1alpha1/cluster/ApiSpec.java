package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** The stateless API servers in front of the storage nodes. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiSpec(
        @JsonPropertyDescription("How many API servers there are, while autoscaling is not set.")
        @Default("2")
        @Min(0)
        @Max(100)
        Integer replicas,

        @JsonPropertyDescription("When set, a HorizontalPodAutoscaler chooses the number of API servers.")
        ApiAutoscaling autoscaling,

        @JsonPropertyDescription("The Service in front of them.") @Default("{}")
        ApiService service,

        @JsonPropertyDescription("CPU and memory of each API server, as in a container.")
        ResourceRequirements resources,

        @JsonPropertyDescription(
                "Networks, such as 10.0.0.0/8 or one address, that webhooks may deliver to although they are private, loopback or otherwise not of the Internet.")
        List<String> webhookNetworks) {
    public ApiSpec {
        webhookNetworks = webhookNetworks == null ? List.of() : List.copyOf(webhookNetworks);
        replicas = replicas == null ? 2 : replicas;
        service = service == null ? ApiServiceBuilder.builder().build() : service;
    }
}
