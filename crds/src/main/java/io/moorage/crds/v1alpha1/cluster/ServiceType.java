package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the API Service is reached. */
public enum ServiceType {
    @JsonProperty("ClusterIP")
    CLUSTER_IP,
    @JsonProperty("NodePort")
    NODE_PORT,
    @JsonProperty("LoadBalancer")
    LOAD_BALANCER
}
