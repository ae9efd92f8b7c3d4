package io.moorage.client.admin;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.Member;
import java.time.Duration;
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

    /** Drops the replica on that node and its data. */
    void removeGroup(String nodeAddress, GroupId group);

    /** Through the group's leader; compare-and-set on the present members' node ids. */
    void reconfigure(GroupId group, List<String> expectedNodeIds, List<Member> members);

    void transferLeadership(GroupId group, Optional<String> toNodeId, Duration timeout);
}
