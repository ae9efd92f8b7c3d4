package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How busy nodes are by the groups that they lead (commands and reads a second, as the leaders tell), and which exchange of
 * leadership would relieve the busiest one. It is worth it only if that node has at least {@value #BUSY} operations a second and
 * {@value #ABOVE_AVERAGE} times the average, and the busier one of the two has at most {@value #MUST_SINK_TO} of that afterwards:
 * so what was exchanged is not exchanged back for a little. Pure.
 */
final class LeaderLoads {
    static final double BUSY = 200;
    static final double ABOVE_AVERAGE = 1.25;
    static final double MUST_SINK_TO = 0.8;

    /** A group that another node is to lead. */
    record Move(GroupId group, String to, String why) {}

    private record Exchange(List<Move> moves, double busiest) {}

    private final Map<GroupId, ReplicaInfo> leaders;
    private final Predicate<String> mayLead;
    private final Map<String, Double> loads = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    /**
     * @param leaders what each group's leader says
     * @param mayLead whether a node, by its id, may be given leadership
     */
    LeaderLoads(Map<GroupId, ReplicaInfo> leaders, Predicate<String> mayLead) {
        this.leaders = leaders;
        this.mayLead = mayLead;
        TreeSet<String> nodes = new TreeSet<>();
        leaders.values().forEach(leader -> nodes.addAll(Members.ids(leader)));
        nodes.forEach(node -> {
            loads.put(node, 0.0);
            counts.put(node, 0);
        });
        leaders.values().forEach(leader -> {
            loads.merge(leader.getLeaderNodeId(), leader.getOperationsPerSecond(), Double::sum);
            counts.merge(leader.getLeaderNodeId(), 1, Integer::sum);
        });
    }

    /** One move, or two that change places; empty if nothing is worth it. */
    List<Move> exchange() {
        Optional<String> hot = loads.entrySet().stream()
                .max(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
        if (hot.isEmpty()) {
            return List.of();
        }
        double load = loads.get(hot.get());
        double average =
                loads.values().stream().mapToDouble(Double::doubleValue).sum() / loads.size();
        if (load < BUSY || load < ABOVE_AVERAGE * average) {
            return List.of();
        }
        return candidates(hot.get()).stream()
                .filter(exchange -> exchange.busiest() <= MUST_SINK_TO * load)
                .min(Comparator.comparingDouble(Exchange::busiest)
                        .thenComparing(exchange -> exchange.moves().size())
                        .thenComparing(exchange -> exchange.moves().toString()))
                .map(Exchange::moves)
                .orElse(List.of());
    }

    private List<Exchange> candidates(String hot) {
        List<Exchange> candidates = new ArrayList<>();
        ledBy(hot).forEach((group, leader) -> {
            for (String other : Members.ids(leader)) {
                if (other.equals(hot) || !mayLead.test(other)) {
                    continue;
                }
                double away = leader.getOperationsPerSecond();
                if (counts.get(hot) > counts.get(other)) {
                    candidates.add(exchange(hot, other, away, List.of(move(group, hot, other))));
                }
                ledBy(other).forEach((back, its) -> {
                    if (Members.ids(its).contains(hot) && mayLead.test(hot)) {
                        candidates.add(exchange(
                                hot,
                                other,
                                away - its.getOperationsPerSecond(),
                                List.of(move(group, hot, other), move(back, hot, hot))));
                    }
                });
            }
        });
        return candidates;
    }

    private Map<GroupId, ReplicaInfo> ledBy(String node) {
        Map<GroupId, ReplicaInfo> led = new TreeMap<>(Comparator.comparing(GroupId::toString));
        leaders.forEach((group, leader) -> {
            if (leader.getLeaderNodeId().equals(node)) {
                led.put(group, leader);
            }
        });
        return led;
    }

    private Exchange exchange(String hot, String other, double away, List<Move> moves) {
        return new Exchange(moves, Math.max(loads.get(hot) - away, loads.get(other) + away));
    }

    private Move move(GroupId group, String hot, String to) {
        return new Move(
                group,
                to,
                String.format(
                        Locale.ROOT,
                        "%s serves %.0f operations a second, of %.0f in the cluster",
                        hot,
                        loads.get(hot),
                        loads.values().stream().mapToDouble(Double::doubleValue).sum()));
    }
}
