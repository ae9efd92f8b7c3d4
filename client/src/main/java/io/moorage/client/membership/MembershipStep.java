package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.Member;
import java.util.List;

/** One thing to do to a group. */
public sealed interface MembershipStep {
    GroupId group();

    /** Why, in one sentence. */
    String reason();

    /** Makes a node ready to be added: an empty replica without members. */
    record Prepare(GroupId group, String nodeAddress, String reason) implements MembershipStep {}

    /** Changes the members, if they are the expected ones. */
    record Reconfigure(GroupId group, List<String> expected, List<Member> members, String reason)
            implements MembershipStep {

        /** Whether somebody joins, who copies the group first: that may take long. */
        public boolean adds() {
            return members.stream().anyMatch(member -> !expected.contains(member.getNodeId()));
        }
    }

    /**
     * Drops a replica, or what is left of one, that is not a member any more.
     *
     * @param members as the group's leader tells them
     * @param ifEmpty it is the last member of a group, which goes if there is no volume in it
     */
    record Remove(GroupId group, String nodeAddress, List<Member> members, boolean ifEmpty, String reason)
            implements MembershipStep {}

    /** Hands leadership to a member. */
    record MoveLeader(GroupId group, String toNodeId, String reason) implements MembershipStep {}

    /** Something should be done and would not be safe now. */
    record Blocked(GroupId group, String reason) implements MembershipStep {}
}
