package io.moorage.it.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.it.nemesis.fault.NodeCluster;
import io.moorage.it.nemesis.fault.NodeHandle;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.workload.Target;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader that is cut off from its peers, and not from its clients, and that takes long to notice: its election timeout is longer than
 * theirs, as no configuration should have it. LINEARIZABLE reads of Ratis, which quorum reads are, answer there what was true before.
 * Strong reads go through the log, and must not.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 is needed, and signals")
class OldLeaderTest {
    private static final String KEY = "k";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int READS = 5;
    private static final Map<String, String> SLOW_TO_NOTICE = Map.of("MOORAGE_RAFT_ELECTION_TIMEOUT", "20s");

    @TempDir
    Path directory;

    @Test
    void strongReadAtALeaderThatWasReplacedIsNeverStale() throws Exception {
        try (NodeCluster cluster =
                new NodeCluster(directory, 3, 1, node -> node == 0 ? SLOW_TO_NOTICE : Map.of(), new FaultLog())) {
            NodeHandle old = cluster.nodes().get(0);
            await().atMost(PATIENCE).ignoreExceptions().until(() -> leads(cluster, old) || makeLeader(cluster));
            try (MoorageClient atOld = cluster.clientOf(old);
                    MoorageClient other = cluster.clientOf(cluster.nodes().get(1))) {
                Kv reader = atOld.kv(cluster.volume());
                Kv writer = other.kv(cluster.volume());
                put(writer, "before");
                for (Consistency each :
                        new Consistency[] {Consistency.CONSISTENCY_STRONG, Consistency.CONSISTENCY_QUORUM}) {
                    await().atMost(PATIENCE).until(() -> read(reader, each).equals("before"));
                }

                cluster.partFromPeers(old);
                put(writer, "after");

                Map<String, Integer> strong = new TreeMap<>();
                Map<String, Integer> quorum = new TreeMap<>();
                for (int i = 0; i < READS && leads(cluster, old); i++) {
                    quorum.merge(read(reader, Consistency.CONSISTENCY_QUORUM), 1, Integer::sum);
                    strong.merge(read(reader, Consistency.CONSISTENCY_STRONG), 1, Integer::sum);
                }
                System.out.println("reads at a leader that was replaced: strong " + strong + ", quorum " + quorum);
                assertThat(strong).isNotEmpty().doesNotContainKey("before");
                assertThat(quorum)
                        .as("it was the old leader that was asked; if this fails alone, Ratis has mended its reads")
                        .containsKey("before");

                cluster.network().heal();
                await().atMost(PATIENCE)
                        .until(() ->
                                read(reader, Consistency.CONSISTENCY_STRONG).equals("after"));
            }
        }
    }

    private static boolean leads(NodeCluster cluster, NodeHandle node) {
        return cluster.replica(node)
                .filter(replica -> replica.getRole() == Role.ROLE_LEADER)
                .isPresent();
    }

    private static boolean makeLeader(NodeCluster cluster) {
        ClusterAdmin admin = cluster.clients().get(0).admin();
        String id = admin.describe(Duration.ofSeconds(2))
                .get(0)
                .info()
                .orElseThrow()
                .getId();
        admin.transferLeadership(cluster.volume().group(), Optional.of(id), Duration.ofSeconds(5));
        return leads(cluster, cluster.nodes().get(0));
    }

    private static void put(Kv kv, String value) {
        kv.put(
                KEY,
                ByteString.copyFromUtf8(value),
                KvPutOptions.DEFAULT,
                Target.PATIENT.withConsistency(Consistency.CONSISTENCY_QUORUM));
    }

    /** The value, or why there is none. */
    private static String read(Kv kv, Consistency consistency) {
        try {
            return kv.get(KEY, CallOptions.DEFAULT.withConsistency(consistency).withDeadline(Duration.ofMillis(700)))
                    .map(entry -> entry.getValue().toStringUtf8())
                    .orElse("nothing");
        } catch (MoorageException e) {
            return e.code().name();
        }
    }
}
