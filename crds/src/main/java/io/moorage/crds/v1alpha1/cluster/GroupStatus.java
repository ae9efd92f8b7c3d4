package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** A Raft group and its replicas. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GroupStatus(
        @JsonPropertyDescription("Id of the group, a UUID.") @Required
        String id,

        @JsonPropertyDescription("How many replicas it should have.")
        Integer replicas,

        @JsonPropertyDescription("How many of them have everything.")
        Integer readyReplicas,

        @JsonPropertyDescription("Name of the storage node that leads it; absent when there is none.")
        String leader,

        @JsonPropertyDescription("It holds the cluster's own catalog.")
        Boolean system,

        @JsonPropertyDescription("It belongs to one volume with isolation Dedicated.")
        Boolean dedicated,

        @JsonPropertyDescription("How many volumes live in it.")
        Integer volumes,

        @JsonPropertyDescription("Bytes that it stores on each replica.")
        Long storedBytes,

        @JsonPropertyDescription("The change of its members that is under way, in words; absent when there is none.")
        String change,

        @JsonPropertyDescription("Its replicas.") List<GroupMember> members,

        @JsonPropertyDescription("Ids that it had before its majority was lost and it was recovered under this one.")
        List<String> formerIds) {
    public GroupStatus {
        formerIds = formerIds == null ? List.of() : List.copyOf(formerIds);
        members = members == null ? List.of() : List.copyOf(members);
    }
}
