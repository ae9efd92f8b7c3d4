package io.moorage.it.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.it.nemesis.fault.Death;
import io.moorage.it.nemesis.fault.NodeCluster;
import io.moorage.it.nemesis.fault.NodeHandle;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The leader dies at each step of a put, from its first byte on the disk to its answer. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 is needed, and signals")
class LeaderKilledAtEachStepTest {
    private static final int SIZE = 300_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final CallOptions WRITE = CallOptions.DEFAULT.withDeadline(PATIENCE);
    private static final Precondition ABSENT =
            Precondition.newBuilder().setMustNotExist(true).build();

    @TempDir
    Path directory;

    @Test
    void fileIsThereOnceAndWholeIfItWasAcknowledgedAndOtherwiseWholeOrNotThere() throws Exception {
        try (NodeCluster cluster = new NodeCluster(directory, 3, 1, node -> Map.of(), new FaultLog())) {
            for (Death.Step step : Death.Step.values()) {
                cluster.awaitLevel();
                NodeHandle leader = cluster.leader().orElseThrow();
                leader.dieAt(step);
                byte[] content = new byte[SIZE];
                new SplittableRandom(step.ordinal()).nextBytes(content);
                boolean acknowledged = create(cluster, step, content);
                // It is an answer too: should the leader have synced its extents after it had answered the put, it dies
                // now.
                assertPossible(acknowledged, read(cluster, step), content, step);
                await(step + "").atMost(PATIENCE).until(() -> !leader.isRunning());
                byte[] there = read(cluster, step);
                assertPossible(acknowledged, there, content, step);
                cluster.startAll();
                cluster.awaitLevel();
                for (NodeHandle node : cluster.nodes()) {
                    try (MoorageClient client = cluster.clientOf(node)) {
                        assertThat(read(client, cluster, step, Consistency.CONSISTENCY_EVENTUAL))
                                .as("at %s after death at %s", node.name(), step)
                                .isEqualTo(there);
                    }
                }
            }
        }
    }

    private static void assertPossible(boolean acknowledged, byte[] there, byte[] content, Death.Step step) {
        assertThat(there).as("acknowledged at %s: %s", step, acknowledged).isIn(content, new byte[0]);
        assertThat(there.length > 0 || !acknowledged).as("killed at %s", step).isTrue();
    }

    /** @return whether it was acknowledged. What is sent again must not be told that it is there already: it is itself. */
    private static boolean create(NodeCluster cluster, Death.Step step, byte[] content) throws IOException {
        try {
            cluster.clients()
                    .get(0)
                    .store(cluster.volume())
                    .put(
                            new PutOptions(step + "", "", List.of(), ABSENT, List::of),
                            new ByteArrayInputStream(content),
                            SIZE,
                            WRITE);
            return true;
        } catch (MoorageException e) {
            assertThat(e.code())
                    .as("%s: %s", step, e.getMessage())
                    .isNotEqualTo(ErrorCode.ERROR_CODE_PRECONDITION_FAILED);
            System.out.println("not acknowledged at " + step + ": " + e.getMessage());
            return false;
        }
    }

    private static byte[] read(NodeCluster cluster, Death.Step step) throws IOException {
        return read(cluster.clients().get(0), cluster, step, Consistency.CONSISTENCY_STRONG);
    }

    /** Empty: it is not there. */
    private static byte[] read(MoorageClient client, NodeCluster cluster, Death.Step step, Consistency consistency)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EntryReader reader = client.store(cluster.volume())
                .open(step + "", WRITE.withConsistency(consistency))
                .orElse(null)) {
            if (reader != null) {
                reader.transferTo(0, reader.entry().getSize(), out);
            }
        }
        return out.toByteArray();
    }
}
