package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpec;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What nodes would say, for tests: nodes by ordinal, groups by number with the ordinals of their members, the first one leads. */
public final class Nodes {
    private final int count;
    private final Map<Integer, List<Integer>> groups = new TreeMap<>();
    private final Map<Integer, GroupId> names = new TreeMap<>();
    private final Map<Integer, List<Integer>> leftOver = new TreeMap<>();
    private final List<Integer> silent = new ArrayList<>();
    private final List<Integer> ignorant = new ArrayList<>();
    private long free = 1L << 40;
    private long stored;
    private long volumes;
    private boolean leaderless;

    private Nodes(int count) {
        this.count = count;
    }

    public static Nodes of(int count) {
        return new Nodes(count);
    }

    public Nodes group(int number, Integer... members) {
        groups.put(number, List.of(members));
        return this;
    }

    /** Gives a group the id that a plan has for it. */
    public Nodes named(int number, GroupId id) {
        names.put(number, id);
        return this;
    }

    /** The node answers, and knows nothing of any group. */
    public Nodes ignorant(int ordinal) {
        ignorant.add(ordinal);
        return this;
    }

    public Nodes silent(int ordinal) {
        silent.add(ordinal);
        return this;
    }

    public Nodes bytes(long freeOnEach, long storedByEach) {
        free = freeOnEach;
        stored = storedByEach;
        return this;
    }

    public Nodes volumes(long inEach) {
        volumes = inEach;
        return this;
    }

    /** The node has a replica of a group that it is not a member of any more. */
    public Nodes leftOver(int number, int ordinal) {
        leftOver.computeIfAbsent(ordinal, key -> new ArrayList<>()).add(number);
        return this;
    }

    public Nodes leaderless() {
        leaderless = true;
        return this;
    }

    public static GroupId group(int number) {
        return new GroupId(new UUID(0, number));
    }

    public static String id(int ordinal) {
        return "main-node-" + ordinal + ".x" + ordinal;
    }

    public static StorageCluster cluster(StorageClusterSpec spec) {
        StorageCluster cluster = new StorageCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withName("main")
                .withNamespace("ns")
                .withUid("uid")
                .withGeneration(1L)
                .build());
        cluster.setSpec(spec);
        return cluster;
    }

    public static StorageCluster cluster(int nodes) {
        return cluster(StorageClusterSpecBuilder.builder().nodes(nodes).build());
    }

    public Observation observation() {
        List<NodeView> views = new ArrayList<>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            views.add(view(ordinal));
        }
        return new Observation(views, Map.of());
    }

    private NodeView view(int ordinal) {
        String address = "main-node-" + ordinal + ":9200";
        if (silent.contains(ordinal)) {
            return new NodeView(address, Optional.empty(), List.of(), "connection refused");
        }
        List<ReplicaInfo> replicas = new ArrayList<>();
        groups.forEach((number, members) -> {
            if (members.contains(ordinal) && !ignorant.contains(ordinal)) {
                boolean leads = members.get(0) == ordinal && !leaderless;
                ReplicaInfo.Builder replica = ReplicaInfo.newBuilder()
                        .setGroupId(names.getOrDefault(number, group(number)).toBytes())
                        .setRole(leads ? Role.ROLE_LEADER : Role.ROLE_FOLLOWER)
                        .setState(ReplicaState.REPLICA_STATE_READY)
                        .setCommitIndex(10)
                        .setAppliedIndex(10)
                        .setStoredBytes(stored)
                        .setVolumes(volumes)
                        .setLeaderNodeId(leaderless ? "" : id(members.get(0)));
                members.forEach(member -> replica.addMembers(
                        Member.newBuilder().setNodeId(id(member)).build()));
                replicas.add(replica.build());
            }
        });
        leftOver.getOrDefault(ordinal, List.of())
                .forEach(number -> replicas.add(ReplicaInfo.newBuilder()
                        .setGroupId(names.getOrDefault(number, group(number)).toBytes())
                        .setState(ReplicaState.REPLICA_STATE_READY)
                        .addMembers(Member.newBuilder().setNodeId(id(ordinal)))
                        .build()));
        NodeInfo info = NodeInfo.newBuilder()
                .setId(id(ordinal))
                .setName("main-node-" + ordinal)
                .setServiceAddress(address)
                .setRaftAddress("main-node-" + ordinal + ":9300")
                .setFreeBytes(free)
                .setCapacityBytes(free + stored)
                .build();
        return new NodeView(address, Optional.of(info), replicas, "");
    }
}
