package io.moorage.it.nemesis.fault;

import java.util.List;
import java.util.SplittableRandom;

/** Disks that are slow, fail, forget, or are gone. */
final class DiskFaults {
    private DiskFaults() {}

    static List<Fault> all() {
        return List.of(
                new Fault("slow-disk", false, DiskFaults::slow),
                new Fault("failed-sync", false, DiskFaults::failedSync),
                new Fault("power-cut", false, DiskFaults::powerCut),
                new Fault("torn-log", true, DiskFaults::tornLog),
                new Fault("bit-flip", true, DiskFaults::bitFlip),
                new Fault("wiped-disk", true, DiskFaults::wiped));
    }

    private static Fault.Repair slow(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = ProcessFaults.target(cluster, random);
        int millis = 50 + random.nextInt(400);
        if (node.isRunning()) {
            cluster.log().add("each sync of " + node.name() + "'s extents takes " + millis + " ms more");
            node.tell("disk slow " + millis);
        }
        return () -> {
            if (node.isRunning()) {
                node.tell("disk ok");
            }
        };
    }

    /** It stays out until it is restarted with a disk that works. */
    private static Fault.Repair failedSync(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = ProcessFaults.target(cluster, random);
        if (node.isRunning()) {
            cluster.log().add("syncs of " + node.name() + "'s extents fail");
            node.tell("disk fail");
        }
        return () -> {
            if (node.isRunning()) {
                cluster.log().add("restart " + node.name() + ", with a disk that works");
                node.kill();
            }
            cluster.startAll();
        };
    }

    /** All at once, and what was not synced to extent files and Raft logs is gone. */
    private static Fault.Repair powerCut(NodeCluster cluster, SplittableRandom random) throws Exception {
        for (NodeHandle node : cluster.nodes()) {
            if (node.isRunning()) {
                node.kill();
            }
        }
        long lost = 0;
        for (NodeHandle node : cluster.nodes()) {
            lost += node.loseUnsynced();
        }
        cluster.log().add("power cut: all nodes, and " + lost + " bytes of extents and logs that were not synced");
        cluster.startAll();
        return () -> {};
    }

    private static Fault.Repair tornLog(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = ProcessFaults.target(cluster, random);
        int bytes = 1 + random.nextInt(2000);
        cluster.log().add("kill -9 " + node.name() + ", and the last " + bytes + " bytes of its log are lost");
        if (node.isRunning()) {
            node.kill();
        }
        node.tearLog(bytes);
        node.start();
        return () -> {};
    }

    private static Fault.Repair bitFlip(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = ProcessFaults.target(cluster, random);
        for (int i = 0; i < 5; i++) {
            String where = node.flip(random.nextInt(), random.nextLong());
            cluster.log().add("a bit of " + node.name() + " flips: " + where);
        }
        return () -> {};
    }

    private static Fault.Repair wiped(NodeCluster cluster, SplittableRandom random) throws Exception {
        NodeHandle node = ProcessFaults.target(cluster, random);
        cluster.log().add("kill -9 " + node.name() + ", and its disk is replaced by an empty one");
        if (node.isRunning()) {
            node.kill();
        }
        node.wipe();
        node.start();
        return () -> {};
    }
}
