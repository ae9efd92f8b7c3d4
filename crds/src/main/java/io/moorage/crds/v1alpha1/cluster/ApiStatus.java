package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;

/** The API servers as they are. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiStatus(
        @JsonPropertyDescription("How many API servers should run.")
        Integer replicas,

        @JsonPropertyDescription("How many of them answer.") Integer readyReplicas,

        @JsonPropertyDescription(
                "URL of the API inside of the Kubernetes cluster; of a local cluster, on this machine.")
        String endpoint,

        @JsonPropertyDescription("URL of S3, where that of the API is.")
        String s3Endpoint,

        @JsonPropertyDescription("URL of the API from outside, when the Service has one.")
        String externalEndpoint) {}
