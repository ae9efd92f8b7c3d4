package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One thing to do to a group. */
public sealed interface MembershipStep {
    GroupId group();

    /** What is done, as a clause without the group. */
    String what();

    /** Why, in one sentence. */
    String reason();

    /** Makes a node ready to be added: an empty replica without members. */
    record Prepare(GroupId group, String nodeAddress, String reason) implements MembershipStep {
        @Override
        public String what() {
            return "a replica is made ready on " + nodeAddress;
        }
    }

    /** Changes the members, if they are the expected ones. */
    record Reconfigure(GroupId group, List<String> expected, List<Member> members, String reason)
            implements MembershipStep {

        /** Whether somebody joins, who copies the group first: that may take long. */
        public boolean adds() {
            return !joining().isEmpty();
        }

        private List<String> joining() {
            return next().filter(id -> !expected.contains(id)).toList();
        }

        private Stream<String> next() {
            return members.stream().map(Member::getNodeId);
        }

        @Override
        public String what() {
            List<String> leaving = new ArrayList<>(expected);
            leaving.removeAll(next().toList());
            List<String> changes = new ArrayList<>();
            joining().forEach(id -> changes.add(id + " joins its members"));
            leaving.forEach(id -> changes.add(id + " leaves its members"));
            return String.join(" and ", changes);
        }
    }

    /**
     * Drops a replica, or what is left of one, that is not a member any more.
     *
     * @param members as the group's leader tells them
     * @param ifEmpty it is the last member of a group, which goes if there is no volume in it
     */
    record Remove(GroupId group, String nodeAddress, List<Member> members, boolean ifEmpty, String reason)
            implements MembershipStep {
        @Override
        public String what() {
            return "the replica on " + nodeAddress + " is dropped";
        }
    }

    /** Hands leadership to a member, whose place it is from then on. */
    record MoveLeader(GroupId group, String toNodeId, String reason) implements MembershipStep {
        @Override
        public String what() {
            return "leadership moves to " + toNodeId;
        }
    }

    /** Something should be done and would not be safe now. */
    record Blocked(GroupId group, String reason) implements MembershipStep {
        @Override
        public String what() {
            return "nothing is done";
        }
    }
}
