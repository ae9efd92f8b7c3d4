package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** As imagePullPolicy of a container. */
public enum PullPolicy {
    @JsonProperty("Always")
    ALWAYS,
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT,
    @JsonProperty("Never")
    NEVER
}
