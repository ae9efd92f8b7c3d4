package io.moorage.crds.v1alpha1.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What a user may do where. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Grant(
        @JsonPropertyDescription("Name of a Volume of the cluster, or * for all of them.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^([*]|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$")
        String volume,

        @JsonPropertyDescription("Only keys that begin with this. Left out: all.") @Size(max = 1024)
        String prefix,

        @JsonPropertyDescription(
                "ReadOnly: reading and listing. ReadWrite: writing and deleting as well. Admin: changing buckets and their settings as well.")
        @Required
        Access access) {}
