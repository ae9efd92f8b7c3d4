package io.moorage.client.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LeaderLoadsTest {
    private final Map<GroupId, ReplicaInfo> leaders = new HashMap<>();

    @Test
    void busyGroupChangesPlacesWithAQuietOneWhenCountsAreEven() {
        group(1, "a", 900);
        group(2, "a", 800);
        group(3, "b", 10);
        group(4, "b", 20);
        group(5, "c", 500);
        group(6, "c", 400);
        assertThat(exchange())
                .extracting(move -> move.group().uuid().getLeastSignificantBits() + " to " + move.to())
                .as("900 goes for 20: 820 and 910 are left")
                .containsExactly("1 to b", "4 to a");
    }

    @Test
    void nodeThatLeadsOneMoreGroupGivesOneAway() {
        group(1, "a", 500);
        group(2, "a", 450);
        group(3, "b", 30);
        group(4, "c", 400);
        assertThat(exchange())
                .singleElement()
                .satisfies(move -> assertThat(move.to()).isEqualTo("b"));
    }

    @Test
    void smallDifferencesAndIdleClustersAreLeftAlone() {
        group(1, "a", 190);
        group(2, "b", 0);
        group(3, "c", 0);
        assertThat(exchange()).as("nobody is busy").isEmpty();
        leaders.clear();
        group(1, "a", 1000);
        group(2, "b", 900);
        group(3, "c", 850);
        assertThat(exchange()).as("nobody is much busier than the others").isEmpty();
        leaders.clear();
        group(1, "a", 5000);
        group(2, "b", 0);
        group(3, "c", 0);
        assertThat(exchange()).as("one group cannot be divided").isEmpty();
    }

    @Test
    void nodesThatMustNotLeadAreLeftOut() {
        group(1, "a", 500);
        group(2, "a", 450);
        group(3, "b", 30);
        group(4, "c", 40);
        assertThat(new LeaderLoads(leaders, node -> !node.equals("b")).exchange())
                .singleElement()
                .satisfies(move -> assertThat(move.to()).isEqualTo("c"));
    }

    /** However loads are, exchanging again and again comes to an end, and nobody ends up busier than somebody was. */
    @Property(tries = 200)
    void comesToRest(@ForAll @Size(9) List<@DoubleRange(max = 5000) Double> loads) {
        leaders.clear();
        for (int i = 0; i < loads.size(); i++) {
            group(i, List.of("a", "b", "c").get(i % 3), loads.get(i));
        }
        double before = busiest();
        int rounds = 0;
        for (List<LeaderLoads.Move> moves = exchange(); !moves.isEmpty(); moves = exchange()) {
            moves.forEach(move -> leaders.computeIfPresent(
                    move.group(),
                    (group, leader) ->
                            leader.toBuilder().setLeaderNodeId(move.to()).build()));
            assertThat(++rounds).isLessThan(50);
            assertThat(busiest()).isLessThanOrEqualTo(before);
        }
        Map<String, Integer> counts = new HashMap<>();
        leaders.values().forEach(leader -> counts.merge(leader.getLeaderNodeId(), 1, Integer::sum));
        assertThat(counts.values()).containsOnly(3);
    }

    private double busiest() {
        Map<String, Double> loads = new HashMap<>();
        leaders.values()
                .forEach(leader -> loads.merge(leader.getLeaderNodeId(), leader.getOperationsPerSecond(), Double::sum));
        return loads.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    private List<LeaderLoads.Move> exchange() {
        return new LeaderLoads(leaders, node -> true).exchange();
    }

    private void group(int number, String leader, double operations) {
        ReplicaInfo.Builder info =
                ReplicaInfo.newBuilder().setLeaderNodeId(leader).setOperationsPerSecond(operations);
        List.of("a", "b", "c").forEach(id -> info.addMembers(Member.newBuilder().setNodeId(id)));
        leaders.put(new GroupId(new UUID(0, number)), info.build());
    }
}
