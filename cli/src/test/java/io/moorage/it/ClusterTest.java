package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.VolumeStatus;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole cluster in one JVM: real Ratis, real files, the real client. */
class ClusterTest {
    @TempDir
    static Path directory;

    private static InProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Consistency.class,
            names = {"CONSISTENCY_STRONG", "CONSISTENCY_QUORUM", "CONSISTENCY_EVENTUAL"})
    void filesOfAllSizesComeBackAtEveryConsistency(Consistency consistency) throws Exception {
        VolumeStore volume = cluster.volume("sizes");
        CallOptions call = CallOptions.DEFAULT.withConsistency(consistency);
        for (int size : List.of(0, 1, 65_536, 65_537, 4 << 20, (4 << 20) + 1, 21_000_003)) {
            byte[] data = data(size);
            put(volume, "f" + size, data, call);
            assertThat(get(volume, "f" + size, call)).as("%d bytes", size).isEqualTo(data);
        }
    }

    @Test
    void rangesAreCutOutOfExtents() throws Exception {
        VolumeStore volume = cluster.volume("ranges");
        byte[] data = data(9_000_000);
        put(volume, "big", data, CallOptions.DEFAULT);
        try (EntryReader reader = volume.open("big", CallOptions.DEFAULT).orElseThrow()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(4_194_000, 70_000, out);
            assertThat(out.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(data, 4_194_000, 4_264_000));
        }
    }

    @Test
    void cutBodyLeavesNothing() {
        VolumeStore volume = cluster.volume("cut");
        assertThatThrownBy(() -> volume.put(
                        PutOptions.of("f"), new ByteArrayInputStream(data(5_000_000)), 6_000_000, CallOptions.DEFAULT))
                .isInstanceOf(MoorageException.class)
                .hasMessageContaining("6000000 bytes were promised, and 5000000 came");
        assertThat(volume.stat("f", CallOptions.DEFAULT)).isEmpty();
    }

    @Test
    void conditionsAreDecidedByTheGroup() throws Exception {
        VolumeStore volume = cluster.volume("conditions");
        EntryChange first = put(volume, "f", data(10), CallOptions.DEFAULT);
        PutOptions stale = new PutOptions(
                "f",
                "",
                List.of(),
                Precondition.newBuilder().setMustNotExist(true).build(),
                List::of);
        assertThatThrownBy(() -> volume.put(stale, new ByteArrayInputStream(data(1)), 1, CallOptions.DEFAULT))
                .isInstanceOfSatisfying(MoorageException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_PRECONDITION_FAILED);
                    assertThat(e.currentVersion()).isEqualTo(first.getEntry().getVersion());
                });
    }

    @Test
    void replacedFileStaysReadableForItsReader() throws Exception {
        VolumeStore volume = cluster.volume("pinned");
        byte[] data = data(40_000_000);
        put(volume, "big", data, CallOptions.DEFAULT);
        try (EntryReader reader = volume.open("big", CallOptions.DEFAULT).orElseThrow()) {
            put(volume, "big", data(1), CallOptions.DEFAULT);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, data.length, out);
            assertThat(out.toByteArray()).isEqualTo(data);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                cluster.status("pinned").volume().getUsage().getHistoryEntries())
                        .isZero());
    }

    @Test
    void volumeThatHoldsSomethingIsDeletedByForceOnly() throws Exception {
        VolumeStore volume = cluster.volume("temporary");
        put(volume, "f", data(100_000), CallOptions.DEFAULT);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> cluster.status("temporary").phase() == VolumeStatus.Phase.READY);
        assertThatThrownBy(() -> delete(volume, false)).hasMessageContaining("holds 1 entries");
        delete(volume, true);
        assertThat(Groups.volume(cluster.client(), "temporary")).isEmpty();
    }

    private void delete(VolumeStore volume, boolean force) {
        Command delete = Command.newBuilder()
                .setVolumeId(volume.volume().id())
                .setDeleteVolume(DeleteVolume.newBuilder().setForce(force))
                .build();
        cluster.client().submit(volume.volume().group(), delete, CallOptions.DEFAULT);
    }

    static EntryChange put(VolumeStore volume, String key, byte[] data, CallOptions call) throws IOException {
        return volume.put(PutOptions.of(key), new ByteArrayInputStream(data), data.length, call);
    }

    static byte[] get(VolumeStore volume, String key, CallOptions call) throws IOException {
        try (EntryReader reader = volume.open(key, call).orElseThrow()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, reader.entry().getSize(), out);
            return out.toByteArray();
        }
    }

    static byte[] data(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }
}
