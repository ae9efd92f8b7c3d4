package io.moorage.it.nemesis.fault;

import io.moorage.client.MoorageException;
import io.moorage.client.membership.Members;
import io.moorage.protocol.v1.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Processes that die, hang or come back, and members that change. */
final class ProcessFaults {
    private static final long CLOCK_SKEW_MS = Duration.ofHours(1).toMillis();

    private static final Duration DRAIN = Duration.ofSeconds(25);

    private ProcessFaults() {}

    static List<Fault> all() {
        return List.of(
                new Fault("kill", false, ProcessFaults::kill),
                new Fault("kill-all", false, ProcessFaults::killAll),
                new Fault("pause", false, ProcessFaults::pause),
                new Fault("restart", false, ProcessFaults::restart),
                new Fault("transfer", false, ProcessFaults::transfer),
                new Fault("drain", false, ProcessFaults::drain),
                new Fault("clock", false, ProcessFaults::clock));
    }

    /** The leader as often as anybody. */
    static NodeHandle target(NodeCluster cluster, SplittableRandom random) {
        NodeHandle any = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        boolean wantsLeader = random.nextBoolean();
        return wantsLeader ? cluster.leader().orElse(any) : any;
    }

    private static Fault.Repair kill(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = target(cluster, random);
        cluster.log().add("kill -9 " + node.name());
        if (node.isRunning()) {
            node.kill();
        }
        return cluster::startAll;
    }

    private static Fault.Repair killAll(NodeCluster cluster, SplittableRandom random) throws Exception {
        cluster.log().add("kill -9 all nodes");
        for (NodeHandle node : cluster.nodes()) {
            if (node.isRunning()) {
                node.kill();
            }
        }
        cluster.startAll();
        return () -> {};
    }

    private static Fault.Repair pause(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = target(cluster, random);
        cluster.log().add("stop " + node.name() + " (SIGSTOP)");
        if (node.isRunning()) {
            node.pause();
        }
        return node::resume;
    }

    /** One after the other, by turns, as an upgrade does it. */
    private static Fault.Repair restart(NodeCluster cluster, SplittableRandom random) throws Exception {
        boolean all = random.nextBoolean();
        List<NodeHandle> nodes = all ? cluster.nodes() : List.of(target(cluster, random));
        for (NodeHandle node : nodes) {
            if (node.isRunning()) {
                cluster.log().add("restart " + node.name());
                node.stop();
                node.start();
            }
            if (all) {
                awaitAnswer(cluster, node);
            }
        }
        return () -> {};
    }

    private static void awaitAnswer(NodeCluster cluster, NodeHandle node) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < until
                && !cluster.admin()
                        .admin()
                        .describe(Duration.ofSeconds(1))
                        .get(node.number())
                        .reachable()) {
            Thread.sleep(200);
        }
    }

    private static Fault.Repair transfer(NodeCluster cluster, SplittableRandom random) {
        for (int i = 0; i < 3; i++) {
            List<Member> members = new ArrayList<>(cluster.members());
            int choice = random.nextInt(3);
            if (!members.isEmpty()) {
                String to = members.get(choice % members.size()).getNodeId();
                cluster.log().add("transfer leadership to " + to);
                try {
                    cluster.admin().admin().transferLeadership(cluster.group(), Optional.of(to), Duration.ofSeconds(3));
                } catch (MoorageException e) {
                    cluster.log().add("no transfer: " + e.getMessage());
                }
            }
        }
        return () -> {};
    }

    /** A member moves to another node, under load. */
    private static Fault.Repair drain(NodeCluster cluster, SplittableRandom random) throws InterruptedException {
        int choice = random.nextInt(3);
        List<Member> members = cluster.members();
        if (!members.isEmpty()) {
            String id = members.get(choice % members.size()).getNodeId();
            cluster.log().add("drain " + id);
            cluster.healer().drain(Set.of(Members.nameOf(id)));
            long until = System.nanoTime() + DRAIN.toNanos();
            while (System.nanoTime() < until
                    && cluster.members().stream()
                            .anyMatch(member -> member.getNodeId().equals(id))) {
                Thread.sleep(300);
            }
        }
        return () -> cluster.healer().drain(Set.of());
    }

    private static Fault.Repair clock(NodeCluster cluster, SplittableRandom random) throws IOException {
        for (NodeHandle node : cluster.nodes()) {
            long ahead = random.nextLong(-CLOCK_SKEW_MS, CLOCK_SKEW_MS);
            if (node.isRunning()) {
                cluster.log().add("the clock of " + node.name() + " is " + ahead + " ms ahead");
                node.tell("clock " + ahead);
            }
        }
        return () -> {};
    }
}
