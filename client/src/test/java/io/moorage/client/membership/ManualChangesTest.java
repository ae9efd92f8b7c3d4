package io.moorage.client.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Changes by hand and recovery, as they are planned. Node a leads if anybody does. */
class ManualChangesTest {
    private static final GroupId GROUP = GroupId.parse("00000000-0000-0000-0000-000000000001");
    private static final List<String> THREE = List.of("a.1", "b.1", "c.1");

    @Test
    void whoJoinsIsMadeReadyFirst() {
        List<MembershipStep> steps = changes(leader(THREE), node("b", ready(THREE)), node("c", ready(THREE)), node("d"))
                .add("d", false);
        assertThat(steps).hasSize(2);
        assertThat(steps.get(0)).isInstanceOf(MembershipStep.Prepare.class);
        assertThat(((MembershipStep.Reconfigure) steps.get(1)).members())
                .extracting(Member::getNodeId)
                .containsExactly("a.1", "b.1", "c.1", "d.1");
        assertThat(steps.get(1).what()).isEqualTo("d.1 joins its members");
    }

    @Test
    void nobodyJoinsWhileAMemberIsDownUnlessForcedAndNeverWithoutAMajority() {
        ManualChanges oneDown = changes(leader(THREE), node("b", ready(THREE)), node("d"));
        assertUnsafe(() -> oneDown.add("d", false), "[c.1] are down");
        assertThat(oneDown.add("d", true)).hasSize(2);
        ManualChanges twoDown = changes(leader(THREE), node("d"));
        assertUnsafe(() -> twoDown.add("d", true), "that is no majority");
    }

    @Test
    void formerSelfOfALostDiskHasToGoFirst() {
        NodeView again = new NodeView("c:1", Optional.of(info("c", "2")), List.of(), "");
        assertUnsafe(
                () -> changes(leader(THREE), node("b", ready(THREE)), again).add("c", true), "remove that one first");
    }

    @Test
    void leaderHandsOverBeforeItLeaves() {
        List<MembershipStep> steps = changes(leader(THREE), node("b", ready(THREE)), node("c", ready(THREE)))
                .remove("a");
        assertThat(steps.get(0)).isInstanceOf(MembershipStep.MoveLeader.class);
        assertThat(((MembershipStep.Reconfigure) steps.get(1)).members())
                .extracting(Member::getNodeId)
                .containsExactly("b.1", "c.1");
        assertThat(steps.get(1).what()).isEqualTo("a.1 leaves its members");
    }

    @Test
    void deadMemberIsRemovedAndTheOneThatAMajorityNeedsIsNot() {
        assertThat(changes(leader(THREE), node("b", ready(THREE))).remove("c.1"))
                .hasSize(1);
        assertUnsafe(() -> changes(leader(THREE), node("b", ready(THREE))).remove("b"), "[c.1] are down");
        List<String> alone = List.of("a.1");
        assertUnsafe(() -> changes(leader(alone)).remove("a"), "only copy");
        List<String> two = List.of("a.1", "b.1");
        assertThat(changes(leader(two), node("b", ready(two))).remove("b")).hasSize(1);
        assertUnsafe(
                () -> changes(leader(two), node("b", ready(two).setMissingExtents(1)))
                        .remove("a"),
                "would have everything");
    }

    @Test
    void leadershipGoesToMembersThatKeepUp() {
        ManualChanges changes =
                changes(leader(THREE), node("b", ready(THREE).setAppliedIndex(0)), node("c", ready(THREE)));
        assertThat(changes.transfer("c")).singleElement().isInstanceOf(MembershipStep.MoveLeader.class);
        assertThat(changes.transfer("a")).isEmpty();
        assertUnsafe(() -> changes.transfer("b"), "too far behind");
        assertThatThrownBy(() -> changes.transfer("x")).hasMessageContaining("its members are a.1, b.1, c.1");
    }

    /** Whoever is well and who is not: a removal leaves a majority of the rest, every one of them with everything. */
    @Property(tries = 2000)
    void removalNeverLeavesLessThanAHealthyMajority(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 2) Integer> others,
            @ForAll @IntRange(min = 0, max = 6) int removed) {
        List<String> ids = new ArrayList<>(List.of("a.1"));
        for (int i = 0; i < others.size(); i++) {
            ids.add((char) ('b' + i) + ".1");
        }
        Set<String> whole = new TreeSet<>(Set.of("a.1"));
        List<NodeView> nodes = new ArrayList<>(List.of(node("a", leader(ids))));
        for (int i = 0; i < others.size(); i++) {
            String name = String.valueOf((char) ('b' + i));
            if (others.get(i) == 0) {
                whole.add(name + ".1");
                nodes.add(node(name, ready(ids)));
            } else if (others.get(i) == 1) {
                nodes.add(node(name, ready(ids).setMissingExtents(1)));
            }
        }
        String id = ids.get(removed % ids.size());
        try {
            new ManualChanges(nodes, GROUP).remove(id);
        } catch (MoorageException e) {
            return;
        }
        whole.remove(id);
        assertThat(whole.size()).isGreaterThan((ids.size() - 1) / 2);
    }

    @Test
    void recoveryTakesTheLongestLogAndNamesAllOthers() {
        List<String> five = List.of("a.1", "b.1", "c.1", "d.1", "e.1");
        ReplicaInfo.Builder newer = ready(five).setLastLogTerm(4).setLastLogIndex(90);
        List<NodeView> nodes = List.of(
                node("a", ready(five).setLastLogTerm(3).setLastLogIndex(100)), node("b", newer.setCommitIndex(80)));
        assertThat(GroupRecovery.without(nodes)).containsExactly(GROUP);
        GroupRecovery plan = GroupRecovery.plan(nodes, GROUP, Set.of("c", "d.1", "e"));
        assertThat(plan.survivor()).isEqualTo("b.1");
        assertThat(plan.lost()).containsExactly("c.1", "d.1", "e.1");
        assertThat(plan.behind()).containsExactly("a.1");
        assertThat(plan.excluded()).containsExactly("c.1", "d.1", "e.1", "a.1");
        assertThat(plan.losses()).anyMatch(loss -> loss.startsWith("up to 10 log entries behind index 80"));
        assertUnsafe(() -> GroupRecovery.plan(nodes, GROUP, Set.of("c", "d")), "[e.1] do not answer");
    }

    @Test
    void nothingIsRecoveredThatHasAMajority() {
        List<NodeView> nodes = List.of(node("a", ready(THREE)), node("b", ready(THREE)));
        assertThat(GroupRecovery.without(nodes)).isEmpty();
        assertUnsafe(() -> GroupRecovery.plan(nodes, GROUP, Set.of("c")), "a majority of its members answers");
        assertUnsafe(
                () -> GroupRecovery.plan(List.of(node("a", leader(THREE))), GROUP, Set.of("b", "c")), "leads it still");
        ReplicaInfo.Builder stopped = ready(THREE).setState(ReplicaState.REPLICA_STATE_FAILED);
        assertUnsafe(() -> GroupRecovery.plan(List.of(node("a", stopped)), GROUP, Set.of("b", "c")), "have stopped");
    }

    @Test
    void replicasOfARecoveredGroupAreNoneAnyMore() {
        GroupId next = GroupId.parse("00000000-0000-0000-0000-000000000002");
        ReplicaInfo successor = leader(List.of("a.1"))
                .setGroupId(next.toBytes())
                .addPredecessors(GROUP.toBytes())
                .build();
        List<NodeView> nodes = List.of(
                new NodeView("a:1", Optional.of(info("a", "1")), List.of(successor), ""),
                node("b", leader(THREE).setTerm(99)),
                node("c", ready(THREE)));
        GroupViews views = new GroupViews(nodes);
        assertThat(views.leaders().keySet()).containsExactly(next);
        assertThat(views.replicas(GROUP)).isEmpty();
        assertUnsafe(() -> GroupRecovery.plan(nodes, GROUP, Set.of("a")), "was recovered already, as group " + next);
    }

    private static void assertUnsafe(Supplier<?> change, String why) {
        assertThatThrownBy(change::get)
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNSAFE))
                .hasMessageContaining(why);
    }

    private static ManualChanges changes(ReplicaInfo.Builder leader, NodeView... others) {
        List<NodeView> nodes = new ArrayList<>(List.of(node("a", leader)));
        nodes.addAll(List.of(others));
        return new ManualChanges(nodes, GROUP);
    }

    private static ReplicaInfo.Builder leader(List<String> members) {
        return ready(members).setRole(Role.ROLE_LEADER).setLeaderNodeId("a.1");
    }

    private static ReplicaInfo.Builder ready(List<String> members) {
        ReplicaInfo.Builder replica = ReplicaInfo.newBuilder()
                .setGroupId(GROUP.toBytes())
                .setRole(Role.ROLE_FOLLOWER)
                .setTerm(3)
                .setCommitIndex(50_000)
                .setAppliedIndex(50_000)
                .setState(ReplicaState.REPLICA_STATE_READY);
        members.forEach(id -> replica.addMembers(Member.newBuilder().setNodeId(id)));
        return replica;
    }

    private static NodeView node(String name, ReplicaInfo.Builder... replicas) {
        return new NodeView(
                name + ":1",
                Optional.of(info(name, "1")),
                java.util.Arrays.stream(replicas)
                        .map(ReplicaInfo.Builder::build)
                        .toList(),
                "");
    }

    private static NodeInfo info(String name, String incarnation) {
        return NodeInfo.newBuilder()
                .setId(name + "." + incarnation)
                .setName(name)
                .setFreeBytes(1L << 40)
                .build();
    }
}
