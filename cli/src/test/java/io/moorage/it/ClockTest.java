package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.SweepResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that are set while nodes run, by an hour, forward and back. */
class ClockTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;

    @BeforeEach
    void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of("MOORAGE_EXTENTS_READER_GRACE", "1s"));
        volume = cluster.volume("v");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void readerOfAReplacedFileReadsItToTheEndThoughTheLeadersClockJumps() throws Exception {
        byte[] data = ClusterTest.data(40_000_000);
        ClusterTest.put(volume, "big", data, CallOptions.DEFAULT);
        try (EntryReader reader = volume.open("big", CallOptions.DEFAULT).orElseThrow()) {
            cluster.setClock(cluster.leader(volume.volume().group()), HOUR);
            ClusterTest.put(volume, "big", ClusterTest.data(1), CallOptions.DEFAULT);
            assertThat(sweep().getFreed()).isZero();
            // Clocks of the others jump as well, and more than a grace passes for every one of them.
            for (int node = 0; node < 3; node++) {
                cluster.setClock(node, HOUR.multipliedBy(2));
            }
            assertThat(sweep().getFreed()).isZero();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, data.length, out);
            assertThat(out.toByteArray()).isEqualTo(data);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> historyEntries() == 0);
    }

    @Test
    void leaseEndsThoughTheLeadersClockWentBack() throws Exception {
        cluster.setClock(cluster.leader(volume.volume().group()), HOUR.negated());
        ClusterTest.put(volume, "f", ClusterTest.data(100_000), CallOptions.DEFAULT);
        submit(Command.newBuilder()
                .setVolumeId(volume.volume().id())
                .setCreatePin(CreatePin.newBuilder()
                        .setName("abandoned")
                        .setKind(PinKind.PIN_KIND_READER)
                        .setTtlMs(2000)));
        ClusterTest.put(volume, "f", ClusterTest.data(1), CallOptions.DEFAULT);
        assertThat(historyEntries()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(30)).until(() -> historyEntries() == 0);
    }

    @Test
    void writesReadsConditionsAndUploadsAreRightWithClocksTwoHoursApart() throws Exception {
        long last = 0;
        for (Duration ahead : List.of(Duration.ZERO, HOUR, HOUR.negated(), HOUR)) {
            int leader = cluster.leader(volume.volume().group());
            cluster.setClock(leader, ahead);
            cluster.setClock((leader + 1) % 3, ahead.negated());
            for (Consistency consistency : List.of(
                    Consistency.CONSISTENCY_STRONG, Consistency.CONSISTENCY_QUORUM, Consistency.CONSISTENCY_EVENTUAL)) {
                CallOptions call = CallOptions.DEFAULT.withConsistency(consistency);
                for (int size : List.of(1000, 5_000_000)) {
                    EntryChange change = ClusterTest.put(volume, "f", ClusterTest.data(size), call);
                    assertThat(change.getEntry().getVersion()).isGreaterThan(last);
                    last = change.getEntry().getVersion();
                    assertThat(ClusterTest.get(volume, "f", call)).isEqualTo(ClusterTest.data(size));
                }
            }
            long stale = last - 1;
            assertThatThrownBy(() -> volume.put(
                            new PutOptions(
                                    "f",
                                    "",
                                    List.of(),
                                    Precondition.newBuilder()
                                            .addVersionAnyOf(stale)
                                            .build(),
                                    List::of),
                            new ByteArrayInputStream(new byte[1]),
                            1,
                            CallOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            MoorageException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_PRECONDITION_FAILED));
        }
        // Somebody whose clock is two hours behind the group's time takes over.
        int leader = cluster.leader(volume.volume().group());
        cluster.setClock((leader + 1) % 3, HOUR.negated());
        cluster.setClock((leader + 2) % 3, HOUR.negated());
        cluster.stop(leader);
        CallOptions patient = CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));
        EntryChange change = ClusterTest.put(volume, "f", ClusterTest.data(6_000_000), patient);
        assertThat(change.getEntry().getVersion()).isGreaterThan(last);
        assertThat(ClusterTest.get(volume, "f", patient)).isEqualTo(ClusterTest.data(6_000_000));
    }

    private SweepResult sweep() {
        return submit(Command.newBuilder()
                        .setSweepHistory(SweepHistory.newBuilder().setLimit(100)))
                .getSweep();
    }

    private io.moorage.protocol.v1.Result submit(Command.Builder command) {
        return cluster.client().submit(volume.volume().group(), command.build(), CallOptions.DEFAULT);
    }

    private long historyEntries() {
        return cluster.status("v").volume().getUsage().getHistoryEntries();
    }
}
