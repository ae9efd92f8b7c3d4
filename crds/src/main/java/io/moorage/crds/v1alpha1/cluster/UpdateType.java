package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a changed image, configuration or pod template reaches the storage nodes. */
public enum UpdateType {
    /** One node after the other; the next only when every group on the last one has caught up. */
    @JsonProperty("RollingUpdate")
    ROLLING_UPDATE,
    /** A node changes when somebody deletes its pod. */
    @JsonProperty("OnDelete")
    ON_DELETE
}
