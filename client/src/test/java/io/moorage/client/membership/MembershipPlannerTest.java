package io.moorage.client.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MembershipPlannerTest {
    private static final GroupId GROUP = GroupId.parse("00000000-0000-0000-0000-000000000001");
    private static final MembershipPolicy CALM =
            new MembershipPolicy(group -> 3, Duration.ofMinutes(10), Set.of(), Set.of());

    @Test
    void nothingIsDoneToAHealthyGroup() {
        assertThat(plan(CALM, Map.of(), node("a", "1", leader()), node("b", "1", ready()), node("c", "1", ready())))
                .isEmpty();
    }

    @Test
    void formerSelfOfALostDiskIsRemovedBeforeTheNewOneIsPreparedAndAdded() {
        assertThat(plan(CALM, Map.of(), node("a", "1", leader()), node("b", "1", ready()), node("c", "2", null)))
                .singleElement()
                .isInstanceOfSatisfying(MembershipStep.Reconfigure.class, step -> {
                    assertThat(step.expected()).containsExactly("a.1", "b.1", "c.1");
                    assertThat(step.members()).extracting(Member::getNodeId).containsExactly("a.1", "b.1");
                });
        ReplicaInfo.Builder two = leader().removeMembers(2);
        assertThat(plan(CALM, Map.of(), node("a", "1", two), node("b", "1", ready()), node("c", "2", null)))
                .singleElement()
                .isInstanceOf(MembershipStep.Prepare.class);
        NodeView prepared = node("c", "2", ReplicaInfo.newBuilder().setState(ReplicaState.REPLICA_STATE_JOINING));
        assertThat(plan(CALM, Map.of(), node("a", "1", two), node("b", "1", ready()), prepared))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Reconfigure.class,
                        step -> assertThat(step.members())
                                .extracting(Member::getNodeId)
                                .containsExactly("a.1", "b.1", "c.2"));
    }

    @Test
    void memberWhoseLogIsDamagedIsReplacedOnItsOwnNode() {
        ReplicaInfo.Builder damaged = ReplicaInfo.newBuilder().setState(ReplicaState.REPLICA_STATE_DAMAGED);
        assertThat(plan(CALM, Map.of(), node("a", "1", leader()), node("b", "1", ready()), node("c", "1", damaged)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Reconfigure.class,
                        step -> assertThat(step.members())
                                .extracting(Member::getNodeId)
                                .containsExactly("a.1", "b.1"));
        ReplicaInfo.Builder two = leader().removeMembers(2);
        assertThat(plan(CALM, Map.of(), node("a", "1", two), node("b", "1", ready()), node("c", "1", damaged)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Prepare.class,
                        step -> assertThat(step.nodeAddress()).isEqualTo("c:1"));
        ReplicaInfo.Builder behind = ready().setMissingExtents(3).setState(ReplicaState.REPLICA_STATE_CATCHING_UP);
        assertThat(plan(CALM, Map.of(), node("a", "1", leader()), node("b", "1", behind), node("c", "1", damaged)))
                .singleElement()
                .isInstanceOf(MembershipStep.Blocked.class);
    }

    @Test
    void noMemberIsReplacedWhileTheOthersAreNotAHealthyMajority() {
        ReplicaInfo.Builder behind = ready().setMissingExtents(3).setState(ReplicaState.REPLICA_STATE_CATCHING_UP);
        assertThat(plan(CALM, Map.of(), node("a", "1", leader()), node("b", "1", behind), node("c", "2", null)))
                .singleElement()
                .isInstanceOf(MembershipStep.Blocked.class);
    }

    @Test
    void silentNodeIsReplacedAfterAWhileIfAnotherHasRoom() {
        Map<String, Duration> silent = Map.of("c.1", Duration.ofMinutes(11));
        assertThat(plan(CALM, silent, node("a", "1", leader()), node("b", "1", ready())))
                .singleElement()
                .isInstanceOf(MembershipStep.Blocked.class);
        assertThat(plan(CALM, silent, node("a", "1", leader()), node("b", "1", ready()), node("d", "1", null)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Prepare.class,
                        step -> assertThat(step.nodeAddress()).isEqualTo("d:1"));
        assertThat(plan(
                        CALM,
                        Map.of("c.1", Duration.ofMinutes(9)),
                        node("a", "1", leader()),
                        node("b", "1", ready()),
                        node("d", "1", null)))
                .isEmpty();
    }

    @Test
    void leaderOnADrainingNodeIsMovedBeforeItsReplica() {
        MembershipPolicy drain = new MembershipPolicy(group -> 3, Duration.ofMinutes(10), Set.of("a"), Set.of("a"));
        assertThat(plan(
                        drain,
                        Map.of(),
                        node("a", "1", leader()),
                        node("b", "1", ready()),
                        node("c", "1", ready()),
                        node("d", "1", null)))
                .singleElement()
                .isInstanceOf(MembershipStep.MoveLeader.class);
    }

    @Test
    void aDrainThatCannotBeDoneDoesNotKeepALostDiskFromBeingHealed() {
        MembershipPolicy drain = new MembershipPolicy(group -> 3, Duration.ofMinutes(10), Set.of("b"), Set.of("b"));
        assertThat(plan(drain, Map.of(), node("a", "1", leader()), node("b", "1", ready()), node("c", "2", null)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Reconfigure.class,
                        step -> assertThat(step.members())
                                .extracting(Member::getNodeId)
                                .containsExactly("a.1", "b.1"));
    }

    @Test
    void theOnlyReplicaCanBeDrained() {
        MembershipPolicy drain = new MembershipPolicy(group -> 1, Duration.ofMinutes(10), Set.of("a"), Set.of("a"));
        ReplicaInfo.Builder only =
                leader().clearMembers().addMembers(Member.newBuilder().setNodeId("a.1"));
        assertThat(plan(drain, Map.of(), node("a", "1", only), node("b", "1", null)))
                .singleElement()
                .isInstanceOf(MembershipStep.Prepare.class);
    }

    @Test
    void remainsOfAFormerMemberAreDroppedBeforeItJoinsAgain() {
        MembershipPolicy drain = new MembershipPolicy(group -> 3, Duration.ofMinutes(10), Set.of("c"), Set.of("c"));
        assertThat(plan(
                        drain,
                        Map.of(),
                        node("a", "1", leader()),
                        node("b", "1", ready()),
                        node("c", "1", ready()),
                        node("d", "1", ready().setState(ReplicaState.REPLICA_STATE_FAILED))))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Remove.class,
                        step -> assertThat(step.nodeAddress()).isEqualTo("d:1"));
    }

    @Test
    void replicaThatIsNotAMemberAnyMoreIsRemoved() {
        assertThat(plan(
                        CALM,
                        Map.of(),
                        node("a", "1", leader()),
                        node("b", "1", ready()),
                        node("c", "1", ready()),
                        node("d", "1", ready())))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Remove.class,
                        step -> assertThat(step.nodeAddress()).isEqualTo("d:1"));
    }

    @Test
    void whatIsLeftOfAFormerMemberThatTakesNoPartIsRemoved() {
        for (ReplicaState state : List.of(ReplicaState.REPLICA_STATE_FAILED, ReplicaState.REPLICA_STATE_DAMAGED)) {
            assertThat(plan(
                            CALM,
                            Map.of(),
                            node("a", "1", leader()),
                            node("b", "1", ready()),
                            node("c", "1", ready()),
                            node("d", "1", ReplicaInfo.newBuilder().setState(state))))
                    .singleElement()
                    .isInstanceOfSatisfying(MembershipStep.Remove.class, step -> {
                        assertThat(step.nodeAddress()).isEqualTo("d:1");
                        assertThat(step.members()).extracting(Member::getNodeId).containsExactly("a.1", "b.1", "c.1");
                    });
        }
        ReplicaInfo.Builder withdrawn = ReplicaInfo.newBuilder().setState(ReplicaState.REPLICA_STATE_FAILED);
        assertThat(plan(CALM, Map.of(), node("a", "1", leader()), node("b", "1", ready()), node("c", "1", withdrawn)))
                .as("a member that has withdrawn comes back")
                .isEmpty();
    }

    @Test
    void remainsKeepNoGroupFromBecomingWholeElsewhere() {
        ReplicaInfo.Builder two = leader().removeMembers(2);
        NodeView remains = node("c", "1", ReplicaInfo.newBuilder().setState(ReplicaState.REPLICA_STATE_FAILED));
        assertThat(plan(CALM, Map.of(), node("a", "1", two), node("b", "1", ready()), remains, node("d", "1", null)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Prepare.class,
                        step -> assertThat(step.nodeAddress()).isEqualTo("d:1"));
        assertThat(plan(CALM, Map.of(), node("a", "1", two), node("b", "1", ready()), remains))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Remove.class,
                        step -> assertThat(step.nodeAddress()).isEqualTo("c:1"));
    }

    /** Whatever the nodes say, a change leaves a healthy majority of the present members in place, and changes one. */
    @Property
    void membersChangeOneAtATimeAndOnlyWhenThatIsSafe(
            @ForAll @IntRange(max = 4) int b, @ForAll @IntRange(max = 4) int c, @ForAll @IntRange(max = 2) int d) {
        List<NodeView> nodes = new ArrayList<>();
        nodes.add(node("a", "1", leader()));
        int healthyOthers = 1 + add(nodes, "b", b) + add(nodes, "c", c);
        if (d > 0) {
            nodes.add(node("d", "1", d == 1 ? null : ReplicaInfo.newBuilder()));
        }
        Map<String, Duration> silent = Map.of("b.1", Duration.ofHours(1), "c.1", Duration.ofHours(1));
        for (MembershipStep step : new MembershipPlanner(CALM, nodes, silent).plan()) {
            if (step instanceof MembershipStep.Reconfigure change) {
                List<String> next =
                        change.members().stream().map(Member::getNodeId).toList();
                assertThat(next).hasSizeBetween(2, 3);
                assertThat(next.stream()
                                        .filter(id -> !change.expected().contains(id))
                                        .count()
                                + change.expected().stream()
                                        .filter(id -> !next.contains(id))
                                        .count())
                        .isBetween(1L, 2L);
                assertThat(healthyOthers).isGreaterThanOrEqualTo(2);
            }
        }
    }

    /** 0 healthy, 1 catching up, 2 silent, 3 back without its disk, 4 that and prepared. */
    private static int add(List<NodeView> nodes, String name, int state) {
        switch (state) {
            case 0 -> nodes.add(node(name, "1", ready()));
            case 1 -> nodes.add(node(name, "1", ready().setMissingExtents(1)));
            case 3 -> nodes.add(node(name, "2", null));
            case 4 -> nodes.add(node(name, "2", ReplicaInfo.newBuilder()));
            default -> {
                // It does not answer.
            }
        }
        return state == 0 ? 1 : 0;
    }

    private static List<MembershipStep> plan(MembershipPolicy policy, Map<String, Duration> silent, NodeView... nodes) {
        return new MembershipPlanner(policy, List.of(nodes), silent).plan();
    }

    private static ReplicaInfo.Builder leader() {
        return ready().setRole(Role.ROLE_LEADER).setLeaderNodeId("a.1");
    }

    private static ReplicaInfo.Builder ready() {
        ReplicaInfo.Builder replica = ReplicaInfo.newBuilder()
                .setRole(Role.ROLE_FOLLOWER)
                .setTerm(3)
                .setState(ReplicaState.REPLICA_STATE_READY);
        for (String name : List.of("a", "b", "c")) {
            replica.addMembers(Member.newBuilder().setNodeId(name + ".1"));
        }
        return replica;
    }

    private static NodeView node(String name, String incarnation, ReplicaInfo.Builder replica) {
        NodeInfo info = NodeInfo.newBuilder()
                .setId(name + "." + incarnation)
                .setName(name)
                .setIncarnation(incarnation)
                .setFreeBytes(1L << 40)
                .build();
        return new NodeView(
                name + ":1",
                Optional.of(info),
                replica == null
                        ? List.of()
                        : List.of(replica.setGroupId(GROUP.toBytes()).build()),
                "");
    }
}
