package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupRecovery;
import io.moorage.client.membership.GroupViews;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that lose their majority for good, and what happens when those who were given up return. */
class RecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<String> LOST = Set.of("node-1", "node-2");
    private static final int FILES = 20;

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;
    private GroupId group;

    @BeforeEach
    void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of("MOORAGE_RAFT_ELECTION_TIMEOUT", "700ms"));
        volume = cluster.volume("v");
        group = volume.volume().group();
        for (int i = 0; i < FILES; i++) {
            ClusterTest.put(volume, "f" + i, content(i), strong());
        }
        cluster.awaitReady("v");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void survivorGoesOnAloneAndGrowsAgainAndNobodyWhoReturnsIsTheOldGroup() throws Exception {
        assertRefused(List.of(), "leads it");
        for (int node : List.of(1, 2)) {
            cluster.stop(node);
            Files.move(cluster.directory(node), kept(node));
        }
        await().atMost(PATIENCE).until(() -> new GroupViews(nodes()).leaders().get(group) == null);
        assertThat(GroupRecovery.without(nodes())).contains(group);
        assertThatThrownBy(() -> GroupRecovery.plan(nodes(), group, Set.of("node-1")))
                .hasMessageContaining("node-2")
                .hasMessageContaining("name them as well");
        // One comes back with an empty disk, before anything was given up.
        cluster.start(1);

        GroupId now = recover();
        VolumeStore recovered = cluster.client().store(at(now));
        assertThat(cluster.replica(0, group)).isEmpty();
        assertEverythingIsThere(recovered);
        ClusterTest.put(recovered, "new", ClusterTest.data(100_000), CallOptions.DEFAULT);

        // The other one comes back with all that it had.
        Files.move(kept(2), cluster.directory(2));
        cluster.start(2);
        assertThat(cluster.replica(2, group)).isEmpty();
        assertThat(cluster.directory(2).resolve("superseded").resolve(group.toString()))
                .isDirectoryContaining(path -> path.endsWith("log"))
                .isDirectoryContaining(path -> path.endsWith("state"));
        assertRefused(List.of(), "was recovered already");
        recoverOthers();
        try (Groups.Healing healing = Groups.heal(cluster.client())) {
            await().atMost(PATIENCE).until(() -> isWhole(now));
        }
        assertEverythingIsThere(recovered);
        // All of them know by now what the group was called, whoever is lost next.
        for (int node = 0; node < 3; node++) {
            int one = node;
            await().atMost(PATIENCE)
                    .until(() -> cluster.replica(one, now)
                            .orElseThrow()
                            .getPredecessorsList()
                            .contains(group.toBytes()));
        }
        cluster.stop(0);
        await().atMost(PATIENCE)
                .ignoreException(MoorageException.class)
                .untilAsserted(() -> assertEverythingIsThere(recovered));
        cluster.start(0);
        assertEverythingIsThere(recovered);
    }

    @Test
    void oldMajorityThatReturnsWhileTheSurvivorIsDownIsOverWhenThatIsBack() throws Exception {
        cluster.stop(1);
        cluster.stop(2);
        await().atMost(PATIENCE).until(() -> new GroupViews(nodes()).leaders().get(group) == null);
        GroupId now = recover();
        cluster.stop(0);
        cluster.start(1);
        cluster.start(2);
        // Nobody is there to tell them.
        await().atMost(PATIENCE).until(() -> new GroupViews(nodes()).leaders().containsKey(group));
        cluster.start(0);
        await().atMost(PATIENCE)
                .until(() -> cluster.replica(1, group).isEmpty()
                        && cluster.replica(2, group).isEmpty());
        assertEverythingIsThere(cluster.client().store(at(now)));
        assertThatThrownBy(() -> cluster.client().admin().createGroup(address(1), group, List.of()))
                .hasMessageContaining("goes on under another id");
        cluster.stop(1);
        cluster.start(1);
        assertThat(cluster.replica(1, group)).isEmpty();
    }

    private GroupId recover() {
        GroupRecovery plan = GroupRecovery.plan(nodes(), group, LOST);
        assertThat(plan.survivor()).startsWith("node-0.");
        assertThat(plan.lost()).hasSize(2).allMatch(id -> id.startsWith("node-1.") || id.startsWith("node-2."));
        assertThat(plan.losses()).anyMatch(loss -> loss.contains("is lost"));
        GroupId now = cluster.client().admin().recoverGroup(plan.survivorAddress(), group, plan.excluded());
        assertThat(cluster.client().admin().recoverGroup(plan.survivorAddress(), group, plan.excluded()))
                .isEqualTo(now)
                .isNotEqualTo(group);
        await().atMost(PATIENCE).until(() -> new GroupViews(nodes()).leaders().containsKey(now));
        return now;
    }

    private void recoverOthers() {
        for (GroupId other : GroupRecovery.without(nodes())) {
            GroupRecovery plan = GroupRecovery.plan(nodes(), other, Set.of("node-1", "node-2"));
            cluster.client().admin().recoverGroup(plan.survivorAddress(), other, plan.excluded());
        }
    }

    private void assertRefused(List<String> excluded, String why) {
        assertThatThrownBy(() -> GroupRecovery.plan(nodes(), group, LOST))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNSAFE))
                .hasMessageContaining(why);
    }

    private boolean isWhole(GroupId id) {
        List<ReplicaState> states = nodes().stream()
                .flatMap(node -> node.replicas().stream())
                .filter(replica -> replica.getGroupId().equals(id.toBytes()))
                .map(replica -> replica.getState())
                .toList();
        Set<String> members = cluster.replica(0, id).orElseThrow().getMembersList().stream()
                .map(Member::getNodeId)
                .collect(Collectors.toSet());
        return members.size() == 3
                && states.size() == 3
                && states.stream().allMatch(ReplicaState.REPLICA_STATE_READY::equals);
    }

    private void assertEverythingIsThere(VolumeStore store) throws Exception {
        for (int i = 0; i < FILES; i++) {
            assertThat(ClusterTest.get(store, "f" + i, CallOptions.DEFAULT))
                    .as("f%d", i)
                    .isEqualTo(content(i));
        }
    }

    private static byte[] content(int i) {
        return ClusterTest.data(i % 4 == 0 ? 300_000 + i : 1000 + i);
    }

    private static CallOptions strong() {
        return CallOptions.DEFAULT.withConsistency(io.moorage.protocol.v1.Consistency.CONSISTENCY_STRONG);
    }

    private VolumeRef at(GroupId id) {
        VolumeRef ref = volume.volume();
        return new VolumeRef(ref.name(), id, ref.id(), ref.consistency());
    }

    private List<NodeView> nodes() {
        return cluster.client().admin().describe(Duration.ofSeconds(2));
    }

    private String address(int node) {
        return cluster.serviceAddresses().get(node);
    }

    private Path kept(int node) {
        return directory.resolve("kept-" + node);
    }
}
