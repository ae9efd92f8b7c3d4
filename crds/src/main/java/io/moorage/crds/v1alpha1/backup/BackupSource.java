package io.moorage.crds.v1alpha1.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Reference;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What is copied: exactly one of these. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.volumeRef) != has(self.snapshotRef)",
        message = "must have exactly one of volumeRef and snapshotRef")
public record BackupSource(
        @JsonPropertyDescription("A Volume as it is when the backup begins.")
        Reference volumeRef,

        @JsonPropertyDescription("A Snapshot.") Reference snapshotRef) {}
