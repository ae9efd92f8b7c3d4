package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A storage node as the operator sees it. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeStatus(
        @JsonPropertyDescription("Name of the storage node and of its pod.") @Required
        String name,

        @JsonPropertyDescription(
                "Name and incarnation. A node that lost its disk is a new node of the same name, with another id. Empty while it has not answered.")
        String id,

        @JsonPropertyDescription("Its failure domain.") String zone,

        @JsonPropertyDescription("Name of the Kubernetes node that its pod runs on.")
        String machine,

        @JsonPropertyDescription(
                "Ready, Full (refuses new data), Stopping, Unreachable, Pending (its pod does not run yet), Cordoned, Draining or Drained.")
        String state,

        @JsonPropertyDescription("Version of Moorage that it runs.")
        String version,

        @JsonPropertyDescription("How many groups it is a member of.")
        Integer replicas,

        @JsonPropertyDescription("How many groups it leads.")
        Integer leaders,

        @JsonPropertyDescription("Size of its disk.") Long capacityBytes,
        @JsonPropertyDescription("Free space on its disk.") Long freeBytes,

        @JsonPropertyDescription("Since when it has not answered; absent while it answers.")
        String silentSince,

        @JsonPropertyDescription("The last scrub of its disk; absent if there was none.")
        ScrubStatus scrub) {}
