package io.moorage.crds.v1alpha1.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.ObjectStore;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What is copied where. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.baseRef) == has(oldSelf.baseRef) && (!has(self.baseRef) || self.baseRef == oldSelf.baseRef)",
        message = "cannot be changed: make a new Backup",
        fieldPath = ".baseRef",
        reason = "FieldValueForbidden")
public record BackupSpec(
        @JsonPropertyDescription("What is copied. Cannot be changed.")
        @Required
        @ValidationRule(value = Rules.IMMUTABLE, message = "cannot be changed: make a new Backup")
        BackupSource source,

        @JsonPropertyDescription(
                "An earlier Backup of the same volume in the same object store: only what differs from it is copied. Left out: everything. Cannot be changed.")
        Reference baseRef,

        @JsonPropertyDescription("Where it is copied to. Cannot be changed.")
        @Required
        @ValidationRule(value = Rules.IMMUTABLE, message = "cannot be changed: make a new Backup")
        ObjectStore destination,

        @JsonPropertyDescription(
                "What becomes of the objects in the object store when this resource is deleted. Delete: they are deleted, unless a later backup builds on them.")
        @Default("Retain")
        DeletionPolicy deletionPolicy) {
    public BackupSpec {
        deletionPolicy = deletionPolicy == null ? DeletionPolicy.RETAIN : deletionPolicy;
    }
}
