package io.moorage.client.control;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.VolumeSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Makes the groups of a new cluster: as many as there are nodes, each led by another one, with three replicas if there are
 * three nodes, and the `system` volume in the first. Idempotent; it can be run again after it was interrupted.
 */
public final class ClusterBootstrap {
    public static final String SYSTEM_VOLUME = "system";

    private static final Duration DESCRIBE_TIMEOUT = Duration.ofSeconds(2);

    private final MoorageClient client;

    public ClusterBootstrap(MoorageClient client) {
        this.client = client;
    }

    /**
     * @param clusterId names the groups, so that a second run finds those of the first
     * @throws MoorageException UNAVAILABLE if a node does not answer, or the groups elect no leaders, within the deadline;
     *     UNSAFE if the nodes belong to another cluster
     */
    public void run(UUID clusterId, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        List<NodeView> nodes = awaitNodes(end);
        int replicas = replicas(nodes.size());
        List<GroupId> groups = new ArrayList<>();
        for (int ordinal = 0; ordinal < nodes.size(); ordinal++) {
            groups.add(groupId(clusterId, ordinal));
        }
        Set<GroupId> foreign = new HashSet<>();
        nodes.forEach(node -> node.replicas().forEach(replica -> foreign.add(GroupId.of(replica.getGroupId()))));
        boolean ours = foreign.stream().anyMatch(groups::contains);
        if (ours) {
            // Groups of this cluster exist: their members are theirs to change now, not ours. Only what is missing is
            // made.
            groups.removeIf(group -> foreign.contains(group) && hasMembers(nodes, group));
        } else if (!foreign.isEmpty()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "the nodes hold groups of another cluster ("
                            + foreign.iterator().next()
                            + "): give them empty directories, or use the data directory that belongs to them");
        }
        for (GroupId group : groups) {
            int ordinal = ordinalOf(clusterId, group, nodes.size());
            create(client.admin(), nodes, group, ordinal, replicas);
        }
        createSystemVolume(client, groupId(clusterId, 0), Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }

    /** How many members the groups of a cluster of so many nodes have. */
    static int replicas(int nodes) {
        return nodes >= 3 ? 3 : 1;
    }

    /** The id of the n-th group of a cluster. */
    public static GroupId groupId(UUID clusterId, int ordinal) {
        return new GroupId(UUID.nameUUIDFromBytes((clusterId + "/" + ordinal).getBytes(StandardCharsets.UTF_8)));
    }

    private static int ordinalOf(UUID clusterId, GroupId group, int groups) {
        for (int ordinal = 0; ordinal < groups; ordinal++) {
            if (groupId(clusterId, ordinal).equals(group)) {
                return ordinal;
            }
        }
        throw new IllegalArgumentException("not a group of this cluster: " + group);
    }

    /** Whether all of its members hold it already. */
    private static boolean hasMembers(List<NodeView> nodes, GroupId group) {
        long holders = nodes.stream()
                .filter(node ->
                        node.replicas().stream().anyMatch(r -> r.getGroupId().equals(group.toBytes())))
                .count();
        int members = nodes.stream()
                .flatMap(node -> node.replicas().stream())
                .filter(r -> r.getGroupId().equals(group.toBytes()))
                .mapToInt(r -> r.getMembersCount())
                .max()
                .orElse(0);
        return members > 0 && holders >= members;
    }

    private List<NodeView> awaitNodes(long end) {
        while (true) {
            List<NodeView> nodes = client.admin().describe(DESCRIBE_TIMEOUT);
            if (nodes.stream().allMatch(NodeView::reachable)) {
                return nodes;
            }
            pauseOr(
                    end,
                    () -> "these storage nodes do not answer: "
                            + nodes.stream()
                                    .filter(node -> !node.reachable())
                                    .map(node -> node.address() + " (" + node.error() + ")")
                                    .toList());
        }
    }

    private static void create(ClusterAdmin admin, List<NodeView> nodes, GroupId group, int ordinal, int replicas) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            NodeInfo info = nodes.get((ordinal + i) % nodes.size()).info().orElseThrow();
            // The first one should lead, so that leaders are spread evenly.
            members.add(Members.on(info, i == 0 ? 1 : 0));
        }
        for (int i = 0; i < replicas; i++) {
            admin.createGroup(nodes.get((ordinal + i) % nodes.size()).address(), group, members);
        }
    }

    /** Makes the `system` volume; one that is there already is fine. */
    public static void createSystemVolume(MoorageClient client, GroupId group, Duration deadline) {
        Command create = Command.newBuilder()
                .setCreateVolume(CreateVolume.newBuilder()
                        .setSpec(VolumeSpec.newBuilder()
                                .setName(SYSTEM_VOLUME)
                                .setConsistency(Consistency.CONSISTENCY_STRONG)))
                .build();
        try {
            client.submit(group, create, CallOptions.DEFAULT.withDeadline(deadline));
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private static void pauseOr(long end, java.util.function.Supplier<String> reason) {
        if (System.nanoTime() >= end) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, reason.get());
        }
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "interrupted");
        }
    }
}
