package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A copy of a volume. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VolumeReplica(
        @JsonPropertyDescription("Name of the storage node.") @Required
        String node,

        @JsonPropertyDescription("Name and incarnation of the storage node.") @Required
        String nodeId,

        @JsonPropertyDescription("Leader, Follower, Candidate, Listener or Unknown.")
        String role,

        @JsonPropertyDescription("Ready, CatchingUp, Joining, Failed or Unreachable.")
        String state,

        @JsonPropertyDescription("Log entries that it is behind the leader's commit index; absent when unknown.")
        Long lag,

        @JsonPropertyDescription("Extents that it still has to fetch from other replicas; absent when unknown.")
        Long missingExtents) {}
