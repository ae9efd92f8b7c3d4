package io.moorage.crds.v1alpha1.user;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a grant allows. */
public enum Access {
    /** Reading and listing. */
    @JsonProperty("ReadOnly")
    READ_ONLY,
    /** Writing and deleting as well. */
    @JsonProperty("ReadWrite")
    READ_WRITE,
    /** Changing buckets and their settings as well. */
    @JsonProperty("Admin")
    ADMIN
}
