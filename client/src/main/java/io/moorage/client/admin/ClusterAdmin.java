package io.moorage.client.admin;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The calls that shape a cluster. Blocking, thread-safe; they throw {@link io.moorage.client.MoorageException}. */
public interface ClusterAdmin {

    /** host:port of the services of the nodes that are asked. */
    List<String> addresses();

    /** From now on these nodes are asked. */
    void setAddresses(List<String> nodes);

    /** Asks every configured node, in parallel, each for at most the timeout; one answer per configured address, in order. */
    List<NodeView> describe(Duration timeout);

    /** Makes `nodeAddress` (host:port) a member of a new group, or (no members) ready to be added to one. Idempotent. */
    void createGroup(String nodeAddress, GroupId group, List<Member> members);

    /**
     * Drops the replica on that node, or what is left of it, and its data.
     *
     * @param members as the group's leader tells them: a node that takes no part asks them whether it was taken out
     * @param ifEmpty it is the last member, and goes only if there is no volume in the group
     */
    void removeGroup(String nodeAddress, GroupId group, List<Member> members, boolean ifEmpty);

    /** Through the group's leader; compare-and-set on the present members' node ids. */
    void reconfigure(GroupId group, List<String> expectedNodeIds, List<Member> members);

    /**
     * Has a node read and compare all that it holds; one that is under way counts for it.
     *
     * @param due the time that asked for it; not later than the node's last one: nothing is done
     */
    void startScrub(String nodeAddress, Instant due);

    /**
     * Has a node go on alone with a group whose majority is lost for good; what only the others had acknowledged is lost. The
     * node refuses (UNSAFE) if a majority answers, or another member has more. Idempotent.
     *
     * @param excluded node ids of all other members
     * @return what the group is called from now on
     */
    GroupId recoverGroup(String nodeAddress, GroupId group, List<String> excluded);

    void transferLeadership(GroupId group, Optional<String> toNodeId, Duration timeout);
}
