package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.VolumeSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of replicas on nodes that take no part in their group. */
class RemnantsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private ClusterAdmin admin;

    @BeforeEach
    void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of());
        admin = cluster.client().admin();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void damagedReplicaIsRemovedWhenItsGroupHasGoneOnWithoutItAndNotBefore() throws Exception {
        VolumeStore volume = cluster.volume("v");
        GroupId group = volume.volume().group();
        cluster.awaitReady("v");
        cluster.stop(2);
        damageLog(2, group);
        cluster.start(2);
        assertRemovedOnlyWhenItIsNoMember(2, group, ReplicaState.REPLICA_STATE_DAMAGED);
        ClusterTest.put(volume, "k", ClusterTest.data(1000), CallOptions.DEFAULT);
    }

    @Test
    void withdrawnReplicaIsRemovedWhenItsGroupHasGoneOnWithoutItAndNotBefore() throws Exception {
        VolumeStore volume = cluster.volume("v");
        GroupId group = volume.volume().group();
        cluster.awaitReady("v");
        cluster.stop(1);
        // As if the disk were almost full: it takes no part, and keeps what it has.
        cluster.configure(1, "MOORAGE_STORAGE_RESERVE_BYTES", "4000000TiB");
        cluster.start(1);
        await().atMost(PATIENCE)
                .until(() -> cluster.replica(1, group).orElseThrow().getState() == ReplicaState.REPLICA_STATE_FAILED
                        && cluster.replica(1, group).orElseThrow().getMembersCount() == 0);
        assertRemovedOnlyWhenItIsNoMember(1, group, ReplicaState.REPLICA_STATE_FAILED);
        ClusterTest.put(volume, "k", ClusterTest.data(1000), CallOptions.DEFAULT);
    }

    @Test
    void leaderThatIsTakenOutWhileCommandsComeHandsOverFirst() throws Exception {
        VolumeStore volume = cluster.volume("v");
        GroupId group = volume.volume().group();
        cluster.awaitReady("v");
        int leader = cluster.leader(group);
        List<Member> members = cluster.replica(leader, group).orElseThrow().getMembersList();
        List<Member> others = members.stream()
                .filter(member -> !Members.nameOf(member.getNodeId()).equals("node-" + leader))
                .toList();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> writer = executor.submit(() -> {
                int written = 0;
                for (; !done.get(); written++) {
                    ClusterTest.put(
                            volume,
                            "k" + written,
                            ClusterTest.data(100),
                            CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30)));
                }
                return written;
            });
            List<String> ids = members.stream().map(Member::getNodeId).toList();
            assertThatThrownBy(() -> admin.reconfigure(group, ids, others))
                    .isInstanceOfSatisfying(
                            MoorageException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER));
            await().atMost(PATIENCE)
                    .ignoreException(MoorageException.class)
                    .untilAsserted(() -> admin.reconfigure(group, ids, others));
            assertThat(cluster.leader(group)).isNotEqualTo(leader);
            String address = admin.addresses().get(leader);
            await().atMost(PATIENCE)
                    .ignoreException(MoorageException.class)
                    .untilAsserted(() -> admin.removeGroup(address, group, others, false));
            assertThat(files(leader, group)).isEmpty();
            done.set(true);
            assertThat(writer.get()).isPositive();
        } finally {
            done.set(true);
            executor.shutdownNow();
        }
    }

    private void assertRemovedOnlyWhenItIsNoMember(int node, GroupId group, ReplicaState state) throws Exception {
        assertThat(cluster.replica(node, group).orElseThrow().getState()).isEqualTo(state);
        String address = admin.addresses().get(node);
        int leader = cluster.leader(group);
        List<Member> members = cluster.replica(leader, group).orElseThrow().getMembersList();
        List<Member> others = members.stream()
                .filter(member -> !Members.nameOf(member.getNodeId()).equals("node-" + node))
                .toList();
        assertUnsafe(address, group, List.of(), "was not told");
        assertUnsafe(address, group, members, "is one of its members");
        assertUnsafe(address, group, others, "look again");
        assertThat(files(node, group)).isNotEmpty();

        await().atMost(PATIENCE).ignoreException(MoorageException.class).untilAsserted(() -> {
            admin.reconfigure(group, members.stream().map(Member::getNodeId).toList(), others);
        });
        admin.removeGroup(address, group, others, false);
        assertThat(cluster.replica(node, group)).isEmpty();
        assertThat(files(node, group)).isEmpty();
        cluster.stop(node);
        cluster.start(node);
        assertThat(cluster.replica(node, group)).isEmpty();
    }

    private void assertUnsafe(String address, GroupId group, List<Member> told, String why) {
        assertThatThrownBy(() -> admin.removeGroup(address, group, told, false))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNSAFE))
                .hasMessageContaining(why);
    }

    @Test
    void lastMemberOfAGroupGoesOnlyWhenThereIsNoVolumeInIt() throws Exception {
        GroupId group = GroupId.random();
        NodeView node = admin.describe(Duration.ofSeconds(2)).get(0);
        List<Member> only = List.of(Members.on(node.info().orElseThrow(), 1));
        admin.createGroup(node.address(), group, only);
        cluster.leader(group);
        long volume = cluster.client()
                .submit(
                        group,
                        Command.newBuilder()
                                .setCreateVolume(CreateVolume.newBuilder()
                                        .setSpec(VolumeSpec.newBuilder().setName("late")))
                                .build(),
                        CallOptions.DEFAULT)
                .getVolume()
                .getId();
        assertThatThrownBy(() -> admin.removeGroup(node.address(), group, only, true))
                .isInstanceOf(MoorageException.class)
                .hasMessageContaining("holds 1 volumes");
        cluster.client()
                .submit(
                        group,
                        Command.newBuilder()
                                .setVolumeId(volume)
                                .setDeleteVolume(DeleteVolume.getDefaultInstance())
                                .build(),
                        CallOptions.DEFAULT);
        admin.removeGroup(node.address(), group, only, true);
        assertThat(cluster.replica(0, group)).isEmpty();
        assertThat(files(0, group)).isEmpty();
    }

    /** What a node keeps of a group. */
    private List<Path> files(int node, GroupId group) throws IOException {
        try (var all = Files.walk(cluster.directory(node))) {
            return all.filter(path -> path.getFileName().toString().startsWith(group.toString()))
                    .toList();
        }
    }

    private void damageLog(int node, GroupId group) throws IOException {
        Path log = cluster.directory(node)
                .resolve("raft")
                .resolve(group.toString())
                .resolve("current");
        try (var files = Files.list(log)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("log_"))
                    .toList()) {
                byte[] noise = new byte[64];
                new Random(7).nextBytes(noise);
                try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                    raw.seek(raw.length() / 2);
                    raw.write(noise);
                }
            }
        }
    }
}
