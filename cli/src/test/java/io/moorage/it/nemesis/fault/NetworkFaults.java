package io.moorage.it.nemesis.fault;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Networks that lose, delay or reset. */
final class NetworkFaults {
    private static final int RESETS = 8;
    private static final int RESET_EVERY_MS = 300;

    private NetworkFaults() {}

    static List<Fault> all() {
        return List.of(
                new Fault("isolate", false, NetworkFaults::isolate),
                new Fault("part-peers", false, NetworkFaults::partFromPeers),
                new Fault("one-way-out", false, (cluster, random) -> oneWay(cluster, random, true)),
                new Fault("one-way-in", false, (cluster, random) -> oneWay(cluster, random, false)),
                new Fault("cut-link", false, NetworkFaults::cutLink),
                new Fault("delay", false, NetworkFaults::delay),
                new Fault("loss", false, NetworkFaults::loss),
                new Fault("reset", false, NetworkFaults::reset));
    }

    /** Nobody reaches it, and it reaches nobody. */
    private static Fault.Repair isolate(NodeCluster cluster, SplittableRandom random) {
        NodeHandle node = ProcessFaults.target(cluster, random);
        cluster.log().add("isolate " + node.name());
        for (int other = 0; other <= cluster.network().clients(); other++) {
            cluster.network().block(node.number(), other);
            cluster.network().block(other, node.number());
        }
        return cluster.network()::heal;
    }

    /** Clients still reach it, and none of the other nodes does. */
    private static Fault.Repair partFromPeers(NodeCluster cluster, SplittableRandom random) {
        NodeHandle node = ProcessFaults.target(cluster, random);
        cluster.log().add("part " + node.name() + " from its peers");
        cluster.partFromPeers(node);
        return cluster.network()::heal;
    }

    private static Fault.Repair oneWay(NodeCluster cluster, SplittableRandom random, boolean out) {
        NodeHandle node = ProcessFaults.target(cluster, random);
        cluster.log().add("nothing gets " + (out ? "from " + node.name() + " to its peers" : "to " + node.name()));
        for (int other = 0; other < cluster.network().clients(); other++) {
            cluster.network().block(out ? node.number() : other, out ? other : node.number());
        }
        return cluster.network()::heal;
    }

    /** Two nodes do not reach each other, and both reach the rest. */
    private static Fault.Repair cutLink(NodeCluster cluster, SplittableRandom random) {
        int one = ProcessFaults.target(cluster, random).number();
        int other = (one + 1 + random.nextInt(cluster.nodes().size() - 1))
                % cluster.nodes().size();
        cluster.log().add("cut the link between node-" + one + " and node-" + other);
        cluster.network().block(one, other);
        cluster.network().block(other, one);
        return cluster.network()::heal;
    }

    private static Fault.Repair delay(NodeCluster cluster, SplittableRandom random) {
        int parties = cluster.network().clients();
        cluster.log().add("every direction is delayed, each by its own time");
        for (int from = 0; from <= parties; from++) {
            for (int to = 0; to <= parties; to++) {
                cluster.network().delay(from, to, random.nextInt(120));
            }
        }
        return cluster.network()::heal;
    }

    /** Of the pieces that go between two parties, up to a third is lost at first. */
    private static Fault.Repair loss(NodeCluster cluster, SplittableRandom random) {
        int parties = cluster.network().clients();
        double probability = 0.02 + 0.3 * random.nextDouble();
        cluster.log()
                .add(String.format(Locale.ROOT, "%.0f%% of all pieces are lost and sent again", 100 * probability));
        for (int from = 0; from <= parties; from++) {
            for (int to = 0; to <= parties; to++) {
                cluster.network().lose(from, to, probability);
            }
        }
        return cluster.network()::heal;
    }

    private static Fault.Repair reset(NodeCluster cluster, SplittableRandom random) throws InterruptedException {
        int parties = cluster.network().clients();
        cluster.log().add("connections are reset");
        for (int i = 0; i < RESETS; i++) {
            cluster.network().reset(random.nextInt(parties + 1), random.nextInt(parties));
            Thread.sleep(RESET_EVERY_MS);
        }
        return () -> {};
    }
}
