package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.ComposeOptions;
import io.moorage.client.CopyOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VersionListing;
import io.moorage.client.VersionedStore;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.ByteRange;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.EntryVersion;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Part;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Retention;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, parts, attributes and locks through the client, on a real group. */
class VersionsTest {
    private static final CallOptions CALL = CallOptions.DEFAULT;
    private static final Precondition ALWAYS = Precondition.getDefaultInstance();

    @TempDir
    static Path directory;

    private static InProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of("MOORAGE_EXTENTS_READER_GRACE", "1s"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void everyVersionIsReadableUntilItIsRemoved() throws Exception {
        VolumeStore volume = cluster.volume("versions");
        VersionedStore versions = volume.versions();
        versions.setVersioning("b/", VersioningState.VERSIONING_STATE_ENABLED, CALL);
        assertThat(versions.versioning("b/", CALL)).isEqualTo(VersioningState.VERSIONING_STATE_ENABLED);
        List<Long> written = new ArrayList<>();
        for (int size : List.of(10, 100_000, 5_000_000)) {
            written.add(ClusterTest.put(volume, "b/f", ClusterTest.data(size), CALL)
                    .getEntry()
                    .getVersion());
        }
        EntryChange deleted = volume.delete("b/f", ALWAYS, CALL);
        assertThat(volume.stat("b/f", CALL)).isEmpty();
        assertThat(volume.open("b/f", CALL)).isEmpty();
        assertThat(versions.find("b/f", VersionedStore.newest(), CALL)
                        .deleteMarker()
                        .orElseThrow()
                        .getVersion())
                .isEqualTo(deleted.getDeleteMarker().getVersion());
        for (Consistency consistency : List.of(Consistency.CONSISTENCY_STRONG, Consistency.CONSISTENCY_EVENTUAL)) {
            CallOptions call = CALL.withConsistency(consistency);
            assertThat(read(versions, "b/f", VersionedStore.version(written.get(0)), call))
                    .isEqualTo(ClusterTest.data(10));
            assertThat(read(versions, "b/f", VersionedStore.version(written.get(2)), call))
                    .isEqualTo(ClusterTest.data(5_000_000));
        }

        List<Long> listed = new ArrayList<>();
        VersionListing listing = new VersionListing("b/", "", "", 0, 3);
        var page = versions.listVersions(listing, CALL);
        page.getVersionsList().stream()
                .map(EntryVersion::getEntry)
                .map(Entry::getVersion)
                .forEach(listed::add);
        assertThat(page.getTruncated()).isTrue();
        versions.listVersions(
                        new VersionListing("b/", "", page.getNextKeyMarker(), page.getNextVersionMarker(), 3), CALL)
                .getVersionsList()
                .forEach(each -> listed.add(each.getEntry().getVersion()));
        assertThat(listed)
                .containsExactly(
                        deleted.getDeleteMarker().getVersion(), written.get(2), written.get(1), written.get(0));

        versions.deleteVersion("b/f", VersionedStore.version(written.get(2)), false, CALL);
        EntryChange undeleted = versions.deleteVersion(
                "b/f", VersionedStore.version(deleted.getDeleteMarker().getVersion()), false, CALL);
        assertThat(undeleted.getPrevious().getKind()).isEqualTo(EntryKind.ENTRY_KIND_DELETE_MARKER);
        assertThat(undeleted.getEntry().getVersion()).isEqualTo(written.get(1));
        assertThat(ClusterTest.get(volume, "b/f", CALL)).isEqualTo(ClusterTest.data(100_000));
        assertThat(versions.open("b/f", VersionedStore.version(written.get(2)), CALL))
                .isEmpty();
    }

    @Test
    void removedVersionStaysReadableForItsReader() throws Exception {
        VolumeStore volume = cluster.volume("read-versions");
        VersionedStore versions = volume.versions();
        versions.setVersioning("b/", VersioningState.VERSIONING_STATE_ENABLED, CALL);
        byte[] data = ClusterTest.data(40_000_000);
        long version = ClusterTest.put(volume, "b/f", data, CALL).getEntry().getVersion();
        ClusterTest.put(volume, "b/f", new byte[1], CALL);
        try (EntryReader reader =
                versions.open("b/f", VersionedStore.version(version), CALL).orElseThrow()) {
            versions.deleteVersion("b/f", VersionedStore.version(version), false, CALL);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, data.length, out);
            assertThat(out.toByteArray()).isEqualTo(data);
            assertThat(usedExtents("read-versions")).isPositive();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(usedExtents("read-versions")).isZero());
    }

    private static long usedExtents(String volume) {
        return cluster.status(volume).volume().getUsage().getExtents();
    }

    @Test
    void partsBecomeOneEntry() throws Exception {
        VolumeStore volume = cluster.volume("parts");
        VolumeStore hidden = volume.hidden();
        String uploads = "\u0001uploads/b/1/";
        byte[] data = ClusterTest.data(13_000_000);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] part = Arrays.copyOfRange(data, i * 5_000_000, Math.min(data.length, (i + 1) * 5_000_000));
            EntryChange stored = ClusterTest.put(hidden, uploads + i, part, CALL);
            parts.add(Part.newBuilder()
                    .setName("" + i)
                    .setVersion(stored.getEntry().getVersion())
                    .build());
        }
        assertThat(volume.list("", "", "", 10, CALL).getEntriesList()).isEmpty();
        assertThat(hidden.list(uploads, "", "", 10, CALL).getEntriesList()).hasSize(3);
        assertThatThrownBy(() -> volume.stat(uploads + 0, CALL)).isInstanceOf(MoorageException.class);

        MetadataItem tag =
                MetadataItem.newBuilder().setName("tag").setValue("x").build();
        EntryChange composed = volume.versions()
                .compose(
                        new ComposeOptions(
                                "b/f",
                                uploads,
                                parts,
                                "text/plain",
                                List.of(),
                                List.of(tag),
                                List.of(),
                                ObjectLock.getDefaultInstance(),
                                ALWAYS),
                        CALL);
        assertThat(composed.getEntry().getAttributesList()).containsExactly(tag);
        assertThat(ClusterTest.get(volume, "b/f", CALL)).isEqualTo(data);
        assertThat(hidden.list(uploads, "", "", 10, CALL).getEntriesList()).isEmpty();

        Entry part = hidden.versions()
                .copy(
                        new CopyOptions(
                                "b/f",
                                VersionedStore.newest(),
                                Optional.of(ByteRange.newBuilder()
                                        .setOffset(4_999_999)
                                        .setLength(200_001)
                                        .build()),
                                uploads + "copied",
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                ObjectLock.getDefaultInstance(),
                                ALWAYS,
                                ALWAYS),
                        CALL);
        assertThat(part.getSize()).isEqualTo(200_001);
        assertThat(ClusterTest.get(hidden, uploads + "copied", CALL))
                .isEqualTo(Arrays.copyOfRange(data, 4_999_999, 5_200_000));
    }

    @Test
    void locksAndAttributesTravelWithTheVersion() throws Exception {
        VolumeStore volume = cluster.volume("locks");
        VersionedStore versions = volume.versions();
        versions.setVersioning("b/", VersioningState.VERSIONING_STATE_ENABLED, CALL);
        PutOptions options = new PutOptions(
                "b/f",
                "",
                List.of(),
                ALWAYS,
                List::of,
                () -> List.of(
                        MetadataItem.newBuilder().setName("a").setValue("1").build()),
                ObjectLock.newBuilder()
                        .setMode(RetentionMode.RETENTION_MODE_GOVERNANCE)
                        .setRetainUntilMs(System.currentTimeMillis() + 3_600_000)
                        .build());
        Entry entry = volume.put(options, new ByteArrayInputStream(new byte[10]), 10, CALL)
                .getEntry();
        VersionSelector version = VersionedStore.version(entry.getVersion());
        volume.delete("b/f", ALWAYS, CALL);
        versions.setAttributes(
                "b/f",
                version,
                List.of(MetadataItem.newBuilder().setName("b").setValue("2").build()),
                List.of("a"),
                ALWAYS,
                CALL);
        versions.setLegalHold("b/f", version, true, CALL);
        Entry found = versions.find("b/f", version, CALL).entry().orElseThrow();
        assertThat(found.getAttributesList()).extracting(MetadataItem::getName).containsExactly("b");
        assertThat(found.getLock().getLegalHold()).isTrue();
        assertLocked(() -> versions.deleteVersion("b/f", version, true, CALL));
        versions.setLegalHold("b/f", version, false, CALL);
        assertLocked(() -> versions.deleteVersion("b/f", version, false, CALL));
        assertLocked(() -> versions.setRetention("b/f", version, Retention.getDefaultInstance(), false, CALL));
        assertThat(versions.deleteVersion("b/f", version, true, CALL).getReplaced())
                .isTrue();
    }

    private static void assertLocked(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_LOCKED));
    }

    private static byte[] read(VersionedStore versions, String key, VersionSelector version, CallOptions call)
            throws IOException {
        try (EntryReader reader = versions.open(key, version, call).orElseThrow()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, reader.entry().getSize(), out);
            return out.toByteArray();
        }
    }
}
