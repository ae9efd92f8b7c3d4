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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RebalanceTest {
    /** A cluster that does what it is told, at once. */
    private static final class Model {
        final Map<String, String> zones = new TreeMap<>();
        /** Members of each group; the first one is preferred, and leads unless another one does. */
        final Map<GroupId, List<String>> groups = new HashMap<>();

        final Map<GroupId, String> otherLeaders = new HashMap<>();
        final Map<String, Long> behind = new HashMap<>();

        final Map<GroupId, String> joining = new HashMap<>();

        List<NodeView> views() {
            return zones.keySet().stream().map(this::view).toList();
        }

        private NodeView view(String id) {
            List<ReplicaInfo> replicas = new ArrayList<>();
            groups.forEach((group, members) -> {
                String leader = otherLeaders.getOrDefault(group, members.get(0));
                if (members.contains(id)) {
                    ReplicaInfo.Builder replica = ReplicaInfo.newBuilder()
                            .setGroupId(group.toBytes())
                            .setState(ReplicaState.REPLICA_STATE_READY)
                            .setLeaderNodeId(leader)
                            .setLastLogIndex(1_000_000 - behind.getOrDefault(id, 0L))
                            .setRole(leader.equals(id) ? Role.ROLE_LEADER : Role.ROLE_FOLLOWER);
                    members.forEach(member -> replica.addMembers(Member.newBuilder()
                            .setNodeId(member)
                            .setPriority(members.get(0).equals(member) ? 1 : 0)));
                    replicas.add(replica.build());
                } else if (id.equals(joining.get(group))) {
                    replicas.add(ReplicaInfo.newBuilder()
                            .setGroupId(group.toBytes())
                            .setState(ReplicaState.REPLICA_STATE_JOINING)
                            .build());
                }
            });
            NodeInfo info = NodeInfo.newBuilder()
                    .setId(id)
                    .setName(Members.nameOf(id))
                    .setZone(zones.get(id))
                    .setFreeBytes(1L << 40)
                    .build();
            return new NodeView(id, Optional.of(info), replicas, "");
        }

        void carryOut(MembershipStep step) {
            if (step instanceof MembershipStep.Prepare prepare) {
                assertThat(joining).doesNotContainKey(prepare.group());
                joining.put(prepare.group(), prepare.nodeAddress());
            } else if (step instanceof MembershipStep.Reconfigure change) {
                List<String> before = groups.get(change.group());
                assertThat(change.expected()).containsExactlyInAnyOrderElementsOf(before);
                List<String> after = new ArrayList<>();
                change.members().stream()
                        .sorted((a, b) -> b.getPriority() - a.getPriority())
                        .forEach(member -> after.add(member.getNodeId()));
                assertThat(after).hasSameSizeAs(before).doesNotHaveDuplicates();
                assertThat(after).as("who leads hands over before it goes").contains(before.get(0));
                assertThat(after.stream().filter(id -> !before.contains(id)).count())
                        .isLessThanOrEqualTo(1);
                groups.put(change.group(), after);
                joining.remove(change.group());
            } else if (step instanceof MembershipStep.Remove remove) {
                assertThat(joining).containsEntry(remove.group(), remove.nodeAddress());
                joining.remove(remove.group());
            } else if (step instanceof MembershipStep.MoveLeader move) {
                List<String> members = new ArrayList<>(groups.get(move.group()));
                assertThat(members.get(0)).isNotEqualTo(move.toNodeId());
                assertThat(members.remove(move.toNodeId())).isTrue();
                members.add(0, move.toNodeId());
                groups.put(move.group(), members);
            } else {
                throw new AssertionError("not for rebalancing: " + step);
            }
        }

        int settle(MembershipPolicy policy, int maxMoves) {
            for (int round = 0; round < 500; round++) {
                List<MembershipStep> steps = new Rebalance(policy, views()).plan(maxMoves);
                if (steps.isEmpty()) {
                    steps = new Rebalance(policy, views()).leaders();
                }
                if (steps.isEmpty()) {
                    return round;
                }
                steps.forEach(this::carryOut);
                assertThat(joining.size()).isLessThanOrEqualTo(maxMoves);
            }
            throw new AssertionError("it never ends");
        }

        Map<String, Integer> held() {
            Map<String, Integer> held = new TreeMap<>();
            zones.keySet().forEach(id -> held.put(id, 0));
            groups.values().forEach(members -> members.forEach(member -> held.merge(member, 1, Integer::sum)));
            return held;
        }

        Map<String, Integer> led() {
            Map<String, Integer> led = new TreeMap<>();
            zones.keySet().forEach(id -> led.put(id, 0));
            groups.values().forEach(members -> led.merge(members.get(0), 1, Integer::sum));
            return led;
        }
    }

    private static final MembershipPolicy CALM =
            new MembershipPolicy(group -> 3, Duration.ofMinutes(10), Set.of(), Set.of());

    @Property(tries = 200)
    void newNodesGetTheirShareOfReplicasAndLeaders(
            @ForAll @IntRange(min = 3, max = 6) int before,
            @ForAll @IntRange(max = 4) int added,
            @ForAll @IntRange(min = 1, max = 12) int groups,
            @ForAll @IntRange(min = 1, max = 3) int maxMoves) {
        Model model = model(before, groups);
        IntStream.range(before, before + added).forEach(i -> model.zones.put("n" + i + ".x", ""));
        model.settle(CALM, maxMoves);
        assertThat(spread(model.held())).isLessThanOrEqualTo(1);
        assertThat(spread(model.led())).isLessThanOrEqualTo(2);
        assertThat(model.joining).isEmpty();
    }

    @Test
    void nodeThatTakesNoReplicasGetsNoneAndNoLeadership() {
        Model model = model(3, 6);
        model.zones.put("n3.x", "");
        model.settle(new MembershipPolicy(group -> 3, Duration.ofMinutes(10), Set.of("n3", "n0"), Set.of()), 2);
        assertThat(model.held()).containsEntry("n3.x", 0);
        assertThat(model.led()).containsEntry("n0.x", 0);
    }

    @Test
    void zonesAreNotCrowdedForTheSakeOfEvenNumbers() {
        Model model = model(3, 6);
        model.zones.replaceAll((id, zone) -> "zone-" + id);
        model.zones.put("n3.x", "zone-n0.x");
        model.settle(CALM, 2);
        model.groups
                .values()
                .forEach(members ->
                        assertThat(members.stream().map(model.zones::get)).doesNotHaveDuplicates());
        assertThat(model.held().get("n3.x")).isEqualTo(3);
    }

    @Test
    void whoShouldLeadIsHandedLeadershipOnceItHasAlmostEverything() {
        Model model = model(3, 3);
        GroupId group = new GroupId(new UUID(0, 0));
        model.otherLeaders.put(group, "n1.x");
        model.behind.put("n0.x", 1001L);
        assertThat(new Rebalance(CALM, model.views()).leaders()).isEmpty();
        model.behind.put("n0.x", 1000L);
        assertThat(new Rebalance(CALM, model.views()).leaders())
                .containsExactly(new MembershipStep.MoveLeader(
                        group, "n0.x", "that node should lead it and can, and n1.x does"));
        assertThat(new Rebalance(CALM, model.views()).relieve())
                .as("before it settled")
                .isEmpty();
    }

    @Test
    void nothingMovesWhileAGroupIsNotWell() {
        Model model = model(3, 1);
        model.zones.put("n3.x", "");
        List<NodeView> views = new ArrayList<>(model.views());
        views.remove(2);
        assertThat(new Rebalance(CALM, views).plan(1)).isEmpty();
    }

    private static Model model(int nodes, int groups) {
        Model model = new Model();
        IntStream.range(0, nodes).forEach(i -> model.zones.put("n" + i + ".x", ""));
        for (int g = 0; g < groups; g++) {
            int first = g;
            model.groups.put(
                    new GroupId(new UUID(0, g)),
                    IntStream.range(0, 3)
                            .mapToObj(i -> "n" + (first + i) % nodes + ".x")
                            .toList());
        }
        return model;
    }

    private static int spread(Map<String, Integer> counts) {
        return counts.values().stream().max(Integer::compare).orElse(0)
                - counts.values().stream().min(Integer::compare).orElse(0);
    }
}
