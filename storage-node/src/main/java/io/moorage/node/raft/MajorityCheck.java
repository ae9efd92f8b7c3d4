package io.moorage.node.raft;

import com.google.protobuf.ByteString;
import io.moorage.node.replica.NodeErrors;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes sure that a group goes on without this node. What this node remembers of the members may be old, and so may be what
 * somebody tells it; so it asks: a majority of the members has to follow, in one term, a leader whose members are exactly those
 * it was told. A leader that was replaced meanwhile has no such majority. Thread-safe.
 */
final class MajorityCheck {
    private final PeerQuestions questions;
    private final Function<UUID, ByteString> wireId;

    /** @param wireId a group id as it goes over the wire */
    MajorityCheck(PeerQuestions questions, Function<UUID, ByteString> wireId) {
        this.questions = questions;
        this.wireId = wireId;
    }

    /**
     * @param told who the members are, with the addresses of their services
     * @throws NodeErrors.CallException UNSAFE: this node is a member, or that it is none cannot be made sure of
     */
    void requireWithout(UUID group, List<Member> told, String nodeId) {
        Set<String> ids = told.stream().map(Member::getNodeId).collect(Collectors.toSet());
        if (ids.isEmpty()) {
            throw unsafe(group, "it was not told who the members are; name them in `members`");
        }
        if (ids.contains(nodeId)) {
            throw unsafe(group, nodeId + " is one of its members " + ids + "; take it out of them first");
        }
        Map<String, ReplicaInfo> answers = ask(group, told);
        ReplicaInfo leader = answers.entrySet().stream()
                .filter(answer -> answer.getValue().getRole() == Role.ROLE_LEADER
                        && answer.getValue().getLeaderNodeId().equals(answer.getKey()))
                .map(Map.Entry::getValue)
                .max(Comparator.comparingLong(ReplicaInfo::getTerm))
                .orElseThrow(
                        () -> unsafe(group, "none of the members " + ids + " says that it leads; try again later"));
        Set<String> members =
                leader.getMembersList().stream().map(Member::getNodeId).collect(Collectors.toCollection(HashSet::new));
        if (!members.equals(ids)) {
            throw unsafe(group, "its members are " + members + ", not " + ids + "; look again");
        }
        long following = answers.values().stream()
                .filter(answer -> answer.getTerm() == leader.getTerm()
                        && answer.getLeaderNodeId().equals(leader.getLeaderNodeId()))
                .count();
        if (following <= ids.size() / 2) {
            throw unsafe(
                    group,
                    "only " + following + " of its " + ids.size() + " members follow " + leader.getLeaderNodeId()
                            + "; try again later");
        }
    }

    /** Whether there are enough other members to go on without this one, and every one of them is complete. */
    boolean othersAreWell(UUID group, List<Member> members, String nodeId) {
        List<Member> others = members.stream()
                .filter(member -> !member.getNodeId().equals(nodeId))
                .toList();
        Map<String, ReplicaInfo> answers = ask(group, others);
        return others.size() > members.size() / 2
                && others.stream().allMatch(member -> {
                    ReplicaInfo said = answers.get(member.getNodeId());
                    return said != null
                            && said.getState() == ReplicaState.REPLICA_STATE_READY
                            && said.getMissingExtents() == 0;
                });
    }

    private Map<String, ReplicaInfo> ask(UUID group, List<Member> members) {
        return questions.members(wireId.apply(group), members);
    }

    private static NodeErrors.CallException unsafe(UUID group, String why) {
        return NodeErrors.refused(
                ErrorCode.ERROR_CODE_UNSAFE, "what is left of group " + group + " on this node is not removed: " + why);
    }
}
