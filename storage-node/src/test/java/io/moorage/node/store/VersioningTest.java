package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Compose;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.DeleteVersion;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentList;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.MakeDirectory;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Part;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.RemoveDirectory;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.SetAttributes;
import io.moorage.protocol.v1.SetVersioning;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersioningTest {
    private static final String PARTS = "\u0001uploads/b/1/";

    private final GroupStore store = new GroupStore(new MemoryKeyValueStore());
    private long index;
    private long volume;
    private long timeMs = 1000;

    @BeforeEach
    void createVolume() {
        volume = apply(Command.newBuilder()
                        .setCreateVolume(CreateVolume.newBuilder()
                                .setSpec(VolumeSpec.newBuilder().setName("v").setQuotaBytes(1000))))
                .getVolume()
                .getId();
    }

    @Test
    void replacedVersionsStayUntilTheyAreRemovedForGood() {
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        long first = put("b/k", 1).getEntry().getVersion();
        assertThat(outcome(putExtent("b/k", 2)).released()).isEmpty();
        EntryChange deleted = apply(delete("b/k")).getChange();
        assertThat(deleted.getDeleteMarker().getKind()).isEqualTo(EntryKind.ENTRY_KIND_DELETE_MARKER);
        sweep();
        try (StoreView view = store.view()) {
            assertThat(view.stat(volume, "b/k", 0)).isEmpty();
            assertThat(view.deleteMarker(volume, "b/k").orElseThrow().getVersion())
                    .isEqualTo(deleted.getDeleteMarker().getVersion());
            assertThat(view.version(volume, "b/k", version(first), false)).isPresent();
        }
        assertThat(outcome(deleteVersion("b/k", version(first))).released())
                .extracting(ExtentRef::idHigh)
                .containsExactly(1L);
        EntryChange restored = apply(
                        deleteVersion("b/k", version(deleted.getDeleteMarker().getVersion())))
                .getChange();
        assertThat(restored.getEntry().getSize()).isEqualTo(100);
        assertThat(restored.hasDeleteMarker()).isFalse();
    }

    @Test
    void nullVersionIsReplacedWhereverItIs() {
        long before = put("b/k", 1).getEntry().getVersion();
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        long enabled = put("b/k", 2).getEntry().getVersion();
        versioning(VersioningState.VERSIONING_STATE_SUSPENDED);
        ApplyOutcome suspended = outcome(putExtent("b/k", 3));
        assertThat(suspended.released()).extracting(ExtentRef::idHigh).containsExactly(1L);
        Entry now = suspended.results().get(0).getChange().getEntry();
        assertThat(now.getVersioned()).isFalse();
        try (StoreView view = store.view()) {
            assertThat(view.version(volume, "b/k", version(before), false)).isEmpty();
            assertThat(view.version(volume, "b/k", version(enabled), false)).isPresent();
            assertThat(view.version(volume, "b/k", nullVersion(), false)
                            .orElseThrow()
                            .getVersion())
                    .isEqualTo(now.getVersion());
        }
        assertThat(outcome(delete("b/k")).released())
                .extracting(ExtentRef::idHigh)
                .containsExactly(3L);
        try (StoreView view = store.view()) {
            assertThat(view.version(volume, "b/k", nullVersion(), false)
                            .orElseThrow()
                            .getKind())
                    .isEqualTo(EntryKind.ENTRY_KIND_DELETE_MARKER);
        }
    }

    @Test
    void versionThatIsRemovedStaysReadableForItsReader() {
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        long first = put("b/k", 1).getEntry().getVersion();
        put("b/k", 2);
        Result pin = apply(Command.newBuilder()
                .setCreatePin(CreatePin.newBuilder()
                        .setName("r")
                        .setKind(PinKind.PIN_KIND_READER)
                        .setTtlMs(90_000)
                        .setKey("b/k")
                        .setKeyVersion(version(first))));
        assertThat(pin.getPin().getEntry().getExtents(0).getIdHigh()).isEqualTo(1);
        assertThat(outcome(deleteVersion("b/k", version(first))).released()).isEmpty();
        assertThat(sweep().released()).isEmpty();
        apply(Command.newBuilder().setReleasePin(ReleasePin.newBuilder().setName("r")));
        assertThat(sweep().released()).extracting(ExtentRef::idHigh).containsExactly(1L);
    }

    @Test
    void snapshotShowsWhatWasNewestThroughPromotion() {
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        long first = put("b/k", 1).getEntry().getVersion();
        long second = put("b/k", 2).getEntry().getVersion();
        long pin = apply(
                        Command.newBuilder().setCreatePin(CreatePin.newBuilder().setName("s")))
                .getVersion();
        assertThat(outcome(deleteVersion("b/k", version(second))).released()).isEmpty();
        try (StoreView view = store.view()) {
            assertThat(view.stat(volume, "b/k", 0).orElseThrow().getVersion()).isEqualTo(first);
            assertThat(view.stat(volume, "b/k", pin).orElseThrow().getVersion()).isEqualTo(second);
        }
        apply(Command.newBuilder().setReleasePin(ReleasePin.newBuilder().setName("s")));
        assertThat(sweep().released()).extracting(ExtentRef::idHigh).containsExactly(2L);
    }

    @Test
    void partsBecomeOneEntryWithoutBeingCopied() {
        List<Long> versions = List.of(1L, 2L, 3L).stream()
                .map(part -> apply(putExtent(PARTS + part, part).setHidden(true))
                        .getChange()
                        .getEntry()
                        .getVersion())
                .toList();
        Command.Builder compose = Command.newBuilder()
                .setHidden(true)
                .setCompose(Compose.newBuilder()
                        .setKey("b/k")
                        .setDirectory(PARTS)
                        .addParts(Part.newBuilder().setName("3").setVersion(versions.get(2)))
                        .addParts(Part.newBuilder().setName("1").setVersion(versions.get(0))));
        Command.Builder stale = compose.clone();
        stale.getComposeBuilder().getPartsBuilder(0).setVersion(versions.get(1));
        assertThat(apply(stale).getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_CONFLICT);

        ApplyOutcome outcome = outcome(compose);
        assertThat(outcome.released()).extracting(ExtentRef::idHigh).containsExactly(2L);
        try (StoreView view = store.view()) {
            Entry entry = view.stat(volume, "b/k", 0).orElseThrow();
            assertThat(entry.getSize()).isEqualTo(200);
            assertThat(entry.getExtentsList()).extracting(Extent::getIdHigh).containsExactly(3L, 1L);
            assertThat(view.list(volume, PARTS, "", "", 10, 0, true).entries()).isEmpty();
        }
        assertThat(apply(compose).getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
    }

    @Test
    void partsAreBounded() {
        volume = apply(Command.newBuilder()
                        .setCreateVolume(CreateVolume.newBuilder()
                                .setSpec(VolumeSpec.newBuilder().setName("without-quota"))))
                .getVolume()
                .getId();
        Compose.Builder compose = Compose.newBuilder().setKey("b/k").setDirectory(PARTS);
        long extent = 1;
        for (int part = 0; part < 2; part++) {
            ExtentList.Builder extents = ExtentList.newBuilder();
            for (int i = 0; i < StoreLimits.MAX_EXTENTS / 2 + 1; i++) {
                extents.addExtents(Extent.newBuilder()
                        .setIdHigh(extent++)
                        .setIdLow(70_000)
                        .setLength(1)
                        .setStoredLength(1));
            }
            Result stored = apply(Command.newBuilder()
                    .setHidden(true)
                    .setPut(Put.newBuilder()
                            .setKey(PARTS + part)
                            .setContent(Content.newBuilder().setStored(extents))));
            compose.addParts(Part.newBuilder().setName("" + part).setVersion(stored.getVersion()));
        }
        assertThat(apply(Command.newBuilder().setHidden(true).setCompose(compose))
                        .getFailure()
                        .getMessage())
                .contains("65538 extents");
        compose.clearParts();
        assertThat(apply(Command.newBuilder().setCompose(compose)).getFailure().getMessage())
                .contains("parts are 0");
    }

    @Test
    void hiddenKeysAreNotSeenAndNotTouchedButCounted() {
        assertThat(apply(putExtent(PARTS + 1, 1)).getFailure().getCode())
                .isEqualTo(ErrorCode.ERROR_CODE_INVALID_ARGUMENT);
        apply(putExtent(PARTS + 1, 1).setHidden(true));
        put("a", 2);
        try (StoreView view = store.view()) {
            assertThat(view.list(volume, "", "", "", 10, 0, true).entries())
                    .extracting(Entry::getKey)
                    .containsExactly("a");
            assertThat(view.versions(volume, "", "/", "", 0, 10).getVersionsList())
                    .hasSize(1);
            assertThat(view.list(volume, "\u0001", "", "", 10, 0, true).entries())
                    .hasSize(1);
            assertThatThrownBy(() -> view.list(volume, "\u0001", "", "", 10, 0, false))
                    .isInstanceOf(Refusal.class);
            assertThatThrownBy(() -> view.stat(volume, PARTS + 1, 0)).isInstanceOf(Refusal.class);
        }
        Command.Builder everything =
                Command.newBuilder().setDeleteTree(DeleteTree.newBuilder().setLimit(10));
        assertThat(apply(everything.setHidden(true)).getTree().getEntries()).isEqualTo(1);
        assertThat(apply(putExtents("a", 901)).getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_QUOTA_EXCEEDED);
        assertThat(apply(putExtents("a", 900)).hasFailure()).isFalse();
        apply(delete("a"));
        assertThat(apply(deleteVolume(false)).hasFailure())
                .as("only hidden entries are left")
                .isFalse();
    }

    @Test
    void keptVersionsCountForTheQuota() {
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        apply(putExtents("b/k", 600));
        assertThat(apply(putExtents("b/k", 600)).getFailure().getMessage()).contains("600 of at most 1000");
        apply(delete("b/k"));
        assertThat(apply(deleteVolume(false)).getFailure().getMessage()).contains("keeps 2 versions");
    }

    @Test
    void lockedVersionIsNotRemovedByAnything() {
        long until = timeMs + 5000;
        Command.Builder put = putExtent("b/k", 1);
        put.getPutBuilder()
                .setLock(ObjectLock.newBuilder()
                        .setMode(RetentionMode.RETENTION_MODE_COMPLIANCE)
                        .setRetainUntilMs(until));
        long version = apply(put).getChange().getEntry().getVersion();
        Command.Builder bypass = deleteVersion("b/k", version(version));
        bypass.getDeleteVersionBuilder().setBypassGovernance(true);
        for (Command.Builder removal : List.of(
                bypass,
                delete("b/k"),
                putExtent("b/k", 2),
                Command.newBuilder()
                        .setDeleteTree(DeleteTree.newBuilder().setPrefix("b/").setLimit(10)),
                Command.newBuilder()
                        .setRename(io.moorage.protocol.v1.Rename.newBuilder()
                                .setFrom("b/")
                                .setTo("c/")),
                deleteVolume(true))) {
            assertThat(apply(removal).getFailure().getCode()).as("%s", removal).isEqualTo(ErrorCode.ERROR_CODE_LOCKED);
        }
        timeMs = until;
        assertThat(apply(deleteVersion("b/k", version(version))).hasFailure()).isFalse();
        assertThat(apply(deleteVolume(false)).hasFailure()).isFalse();
    }

    @Test
    void bucketCannotBeRemovedWhileItKeepsVersionsAndForgetsThatItDid() {
        apply(Command.newBuilder().setMakeDirectory(MakeDirectory.newBuilder().setKey("b/")));
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        put("b/k", 1);
        Command.Builder remove = Command.newBuilder()
                .setRemoveDirectory(RemoveDirectory.newBuilder().setKey("b/"));
        apply(delete("b/k"));
        assertThat(apply(remove).getFailure().getMessage()).contains("'b/k'").contains("versions or delete markers");
        try (StoreView view = store.view()) {
            view.versions(volume, "b/", "", "", 0, 10)
                    .getVersionsList()
                    .forEach(each ->
                            apply(deleteVersion("b/k", version(each.getEntry().getVersion()))));
        }
        assertThat(apply(remove).hasFailure()).isFalse();
        try (StoreView view = store.view()) {
            assertThat(view.versioning(volume, "b/")).isEqualTo(VersioningState.VERSIONING_STATE_UNVERSIONED);
        }
        put("b/k", 2);
        assertThat(outcome(delete("b/k")).released()).hasSize(1);
    }

    @Test
    void attributesChangeWithoutANewVersionAndAreBounded() {
        long version = put("b/k", 1).getEntry().getVersion();
        Entry changed = apply(attributes("x".repeat(16_000))).getChange().getEntry();
        assertThat(changed.getVersion()).isEqualTo(version);
        assertThat(changed.getAttributesCount()).isEqualTo(1);
        Command.Builder more = attributes("y");
        more.getSetAttributesBuilder().getSetBuilder(0).setName("u".repeat(400));
        assertThat(apply(more).getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_TOO_LARGE);
    }

    @Test
    void versionsAreListedByDirectory() {
        versioning(VersioningState.VERSIONING_STATE_ENABLED);
        for (String key : List.of("b/a", "b/a", "b/d/x", "b/d/x", "b/e")) {
            put(key, 1);
        }
        apply(delete("b/d/x"));
        try (StoreView view = store.view()) {
            ListVersionsResponse.Builder first = view.versions(volume, "b/", "/", "", 0, 3);
            assertThat(first.getVersionsList())
                    .extracting(each -> each.getEntry().getKey())
                    .containsExactly("b/a", "b/a");
            assertThat(first.getCommonPrefixesList()).containsExactly("b/d/");
            assertThat(first.getTruncated()).isTrue();
            ListVersionsResponse.Builder second =
                    view.versions(volume, "b/", "/", first.getNextKeyMarker(), first.getNextVersionMarker(), 3);
            assertThat(second.getVersionsList())
                    .extracting(each -> each.getEntry().getKey())
                    .containsExactly("b/e");
            assertThat(second.getTruncated()).isFalse();
        }
    }

    private Command.Builder attributes(String value) {
        return Command.newBuilder()
                .setSetAttributes(SetAttributes.newBuilder()
                        .setKey("b/k")
                        .addSet(MetadataItem.newBuilder().setName("tag").setValue(value)));
    }

    private void versioning(VersioningState state) {
        assertThat(apply(Command.newBuilder()
                                .setSetVersioning(SetVersioning.newBuilder()
                                        .setDirectory("b/")
                                        .setState(state)))
                        .hasFailure())
                .isFalse();
    }

    private EntryChange put(String key, long extent) {
        return apply(putExtent(key, extent)).getChange();
    }

    private static Command.Builder putExtent(String key, long low) {
        return put(key, low, 100);
    }

    /** An entry of this many bytes; nothing is known of its bytes. */
    private Command.Builder putExtents(String key, int size) {
        return put(key, 1_000_000 + index, size);
    }

    private static Command.Builder put(String key, long low, int size) {
        Extent extent = Extent.newBuilder()
                .setIdHigh(low)
                .setIdLow(70_000)
                .setLength(size)
                .setStoredLength(size)
                .build();
        return Command.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(key)
                        .setContent(Content.newBuilder()
                                .setStored(ExtentList.newBuilder().addExtents(extent))));
    }

    private static Command.Builder delete(String key) {
        return Command.newBuilder().setDelete(Delete.newBuilder().setKey(key));
    }

    private static Command.Builder deleteVersion(String key, VersionSelector version) {
        return Command.newBuilder()
                .setDeleteVersion(DeleteVersion.newBuilder().setKey(key).setVersion(version));
    }

    private static Command.Builder deleteVolume(boolean force) {
        return Command.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setForce(force));
    }

    private static VersionSelector version(long version) {
        return VersionSelector.newBuilder().setVersion(version).build();
    }

    private static VersionSelector nullVersion() {
        return VersionSelector.newBuilder().setNullVersion(true).build();
    }

    private ApplyOutcome sweep() {
        return outcome(
                Command.newBuilder().setSweepHistory(SweepHistory.newBuilder().setLimit(100)));
    }

    private Result apply(Command.Builder command) {
        return outcome(command).results().get(0);
    }

    private ApplyOutcome outcome(Command.Builder command) {
        return store.apply(
                1,
                index++,
                CommandBatch.newBuilder()
                        .setTimestampMs(timeMs)
                        .addCommands(command.setVolumeId(volume))
                        .build());
    }
}
