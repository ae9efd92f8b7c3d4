package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is asked of a storage node under maintenance. */
public enum MaintenanceMode {
    /** It gets no new replicas and gives up its leaderships, but keeps its replicas. */
    @JsonProperty("Cordon")
    CORDON,
    /** Its replicas are moved away as well. */
    @JsonProperty("Drain")
    DRAIN
}
