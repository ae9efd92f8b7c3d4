package io.moorage.crds.v1alpha1.backup;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the objects in the object store when the Backup is deleted. */
public enum DeletionPolicy {
    /** They stay. */
    @JsonProperty("Retain")
    RETAIN,
    /** They are deleted, unless a later backup builds on them. */
    @JsonProperty("Delete")
    DELETE
}
