package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much storage nodes of a cluster avoid each other's machine. */
public enum AntiAffinity {
    /** A storage node without a machine of its own stays pending. */
    @JsonProperty("Required")
    REQUIRED,
    @JsonProperty("Preferred")
    PREFERRED,
    @JsonProperty("None")
    NONE
}
