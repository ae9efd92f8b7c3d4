package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a volume shares its group. */
public enum Isolation {
    /** In a group with other volumes. */
    @JsonProperty("Shared")
    SHARED,
    /** In a group of its own. */
    @JsonProperty("Dedicated")
    DEDICATED
}
