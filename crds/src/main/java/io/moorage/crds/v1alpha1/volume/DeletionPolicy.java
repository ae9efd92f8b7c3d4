package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the data when the Volume resource is deleted. */
public enum DeletionPolicy {
    /** The data stays while there is any. */
    @JsonProperty("Retain")
    RETAIN,
    /** The data is deleted. */
    @JsonProperty("Delete")
    DELETE
}
