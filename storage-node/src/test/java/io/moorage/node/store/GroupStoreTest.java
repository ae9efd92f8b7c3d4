package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueStore;
import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentList;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.RenewPin;
import io.moorage.protocol.v1.RequestId;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.VerifyState;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupStoreTest {
    private final MemoryKeyValueStore memory = new MemoryKeyValueStore();
    private final GroupStore store = new GroupStore(memory);
    private long index;
    private long volume;

    @BeforeEach
    void createVolume() {
        volume = apply(createVolume("v", 0)).getVolume().getId();
    }

    @Test
    void retriedRequestTakesEffectOnce() {
        Command put = put("k", "one", request(1, 1, 0));
        Result first = apply(put);
        apply(put("k", "two", request(2, 1, 0)));
        Result again = apply(put.toBuilder().setRequest(request(1, 1, 1)).build());
        assertThat(again.getReplayed()).isTrue();
        assertThat(again.getVersion()).isEqualTo(first.getVersion());
        assertThat(content("k")).isEqualTo("two");
    }

    @Test
    void retriedRequestTakesEffectOnceAfterARestart() {
        apply(put("k", "one", request(1, 1, 0)));
        apply(put("k", "two", request(2, 1, 0)));
        memory.flush();
        GroupStore restarted = new GroupStore(memory.crash());
        Result again = restarted
                .apply(1, index++, batch(put("k", "one", request(1, 1, 1))))
                .results()
                .get(0);
        assertThat(again.getReplayed()).isTrue();
    }

    @Test
    void storeOfAnotherFormatIsNotTouched() {
        memory.write(
                List.of(), List.of(new KeyValueStore.Mutation(Family.META, Keys.FORMAT, new byte[] {0, 0, 0, 99})));
        assertThatThrownBy(() -> new GroupStore(memory))
                .isInstanceOf(StoreFormat.OtherFormatException.class)
                .hasMessageContaining("format 99");
        memory.write(List.of(), List.of(new KeyValueStore.Mutation(Family.META, Keys.FORMAT, null)));
        assertThatThrownBy(() -> new GroupStore(memory))
                .isInstanceOf(StoreFormat.OtherFormatException.class)
                .hasMessageContaining("format 1");
    }

    @Test
    void retryOfAnAcknowledgedRequestIsRefusedRatherThanRepeated() {
        apply(put("k", "one", request(1, 1, 0)));
        apply(put("k", "two", request(2, 2, 0)));
        Result late = apply(put("k", "one", request(1, 1, 1)));
        assertThat(late.getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_OUTCOME_UNKNOWN);
        assertThat(content("k")).isEqualTo("two");
    }

    @Test
    void entryLargerThanTheQuotaIsRefusedAndDeletingGoesOn() {
        long small = apply(createVolume("small", 10)).getVolume().getId();
        assertThat(apply(put(small, "a", "12345678")).hasFailure()).isFalse();
        Result refused = apply(put(small, "b", "123"));
        assertThat(refused.getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_QUOTA_EXCEEDED);
        assertThat(refused.getFailure().getMessage()).contains("'small'", "8 of at most 10");
        apply(Command.newBuilder()
                .setVolumeId(small)
                .setDelete(Delete.newBuilder().setKey("a"))
                .build());
        assertThat(apply(put(small, "b", "123")).hasFailure()).isFalse();
    }

    @Test
    void extentsAreReleasedWithTheirLastReference() {
        ApplyOutcome put = store.apply(1, index++, batch(putExtent("a", 70_007)));
        assertThat(put.referenced()).extracting(ExtentRef::idLow).containsExactly(70_007L);
        apply(Command.newBuilder()
                .setVolumeId(volume)
                .setCopy(Copy.newBuilder().setFrom("a").setTo("b"))
                .build());
        Command deleteA = delete("a");
        assertThat(store.apply(1, index++, batch(deleteA)).released()).isEmpty();
        assertThat(store.apply(1, index++, batch(delete("b"))).released())
                .extracting(ExtentRef::idLow)
                .containsExactly(70_007L);
    }

    @Test
    void uploadThatTookTooLongIsRefused() {
        Command put = putExtent("a", 70_009);
        CommandBatch late = batch(put).toBuilder()
                .setTimestampMs(StoreLimits.MAX_UPLOAD_TIME.toMillis() + 5000)
                .build();
        Result result = store.apply(1, index++, late).results().get(0);
        assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_UPLOAD_EXPIRED);
    }

    @Test
    void deletingAVolumeLeavesNothing() {
        apply(put(volume, "a", "x"));
        assertThat(apply(deleteVolume(false)).getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_EMPTY);
        ApplyOutcome outcome = store.apply(1, index++, batch(deleteVolume(true)));
        assertThat(outcome.droppedVolumes()).containsExactly(volume);
        try (StoreView view = store.view()) {
            assertThat(view.volumes()).isEmpty();
            assertThatThrownBy(() -> view.stat(volume, "a", 0)).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void snapshotSaysWhatTheVolumeHeldAtItsVersion() {
        apply(put(volume, "a", "12345"));
        apply(put(volume, "b", "678"));
        Pin made = apply(pin("snapshot/s", PinKind.PIN_KIND_SNAPSHOT)).getPin().getPin();
        apply(put(volume, "c", "later"));
        apply(delete("a"));
        Pin found = apply(Command.newBuilder()
                        .setVolumeId(volume)
                        .setRenewPin(RenewPin.newBuilder().setName("snapshot/s"))
                        .build())
                .getPin()
                .getPin();
        assertThat(made.getEntries()).isEqualTo(2);
        assertThat(made.getLogicalBytes()).isEqualTo(8);
        assertThat(found).isEqualTo(made);
        Pin reader = apply(pin("reader", PinKind.PIN_KIND_READER)).getPin().getPin();
        assertThat(reader.getEntries()).isZero();
    }

    @Test
    void volumeWhoseSnapshotsKeepSomethingIsNotEmpty() {
        apply(put(volume, "a", "x"));
        apply(pin("snapshot/s", PinKind.PIN_KIND_SNAPSHOT));
        apply(delete("a"));
        Result refused = apply(deleteVolume(false));
        assertThat(refused.getFailure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_EMPTY);
        assertThat(refused.getFailure().getMessage()).contains("snapshots of volume 'v'");
        apply(Command.newBuilder()
                .setVolumeId(volume)
                .setReleasePin(ReleasePin.newBuilder().setName("snapshot/s"))
                .build());
        assertThat(apply(deleteVolume(false)).hasFailure()).isFalse();
    }

    @Test
    void replicaThatDiffersFromTheLeaderIsFound() {
        apply(put(volume, "a", "x"));
        GroupStore.Position here = store.position();
        assertThat(store.apply(1, index++, batch(verify(here.index(), here.hash())))
                        .divergence())
                .isNull();
        assertThat(store.apply(1, index++, batch(verify(here.index(), here.hash() + 1)))
                        .divergence())
                .contains("at the leader");
    }

    @Test
    void listsTenThousandKeysInOneDirectoryByPages() {
        for (int b = 0; b < 100; b++) {
            CommandBatch.Builder batch = CommandBatch.newBuilder();
            for (int i = 0; i < 100; i++) {
                batch.addCommands(put(volume, String.format("d/%05d", b * 100 + i), "x"));
            }
            store.apply(1, index++, batch.build());
        }
        apply(put(volume, "e", "x"));
        try (StoreView view = store.view()) {
            int seen = 0;
            String after = "";
            EntryPage page;
            do {
                page = view.list(volume, "d/", "/", after, 1000, 0);
                seen += page.entries().size();
                after = page.next();
            } while (page.truncated());
            assertThat(seen).isEqualTo(10_000);
            EntryPage top = view.list(volume, "", "/", "", 1000, 0);
            assertThat(top.commonPrefixes()).containsExactly("d/");
            assertThat(top.entries()).extracting(e -> e.getKey()).containsExactly("e");
        }
    }

    @Test
    void clockThatJumpsBackDoesNotTakeGroupTimeBack() {
        store.apply(
                1,
                index++,
                CommandBatch.newBuilder()
                        .setTimestampMs(1000)
                        .addCommands(put(volume, "a", "x"))
                        .build());
        store.apply(
                1,
                index++,
                CommandBatch.newBuilder()
                        .setTimestampMs(10)
                        .addCommands(put(volume, "b", "x"))
                        .build());
        try (StoreView view = store.view()) {
            assertThat(view.stat(volume, "b", 0).orElseThrow().getModifiedAtMs())
                    .isEqualTo(1000);
        }
    }

    @Test
    void pinExpiresByLeaseTimeAndNotByTheClock() {
        apply(Command.newBuilder()
                .setVolumeId(volume)
                .setCreatePin(CreatePin.newBuilder().setName("p").setTtlMs(90_000))
                .build());
        Command sweep = Command.newBuilder()
                .setSweepHistory(SweepHistory.newBuilder().setLimit(10))
                .build();
        store.apply(
                1,
                index++,
                CommandBatch.newBuilder()
                        .setTimestampMs(3_600_000)
                        .setElapsedMs(89_999)
                        .addCommands(sweep)
                        .build());
        assertThat(pins()).isEqualTo(1);
        store.apply(
                1,
                index++,
                CommandBatch.newBuilder().setElapsedMs(1).addCommands(sweep).build());
        assertThat(pins()).isZero();
    }

    private int pins() {
        try (StoreView view = store.view()) {
            return view.pins(volume).size();
        }
    }

    private String content(String key) {
        try (StoreView view = store.view()) {
            Extent extent = view.stat(volume, key, 0).orElseThrow().getExtents(0);
            return view.inline(volume, extent).orElseThrow().toStringUtf8();
        }
    }

    private Result apply(Command command) {
        return store.apply(1, index++, batch(command)).results().get(0);
    }

    private static CommandBatch batch(Command command) {
        return CommandBatch.newBuilder().setTimestampMs(1).addCommands(command).build();
    }

    private static RequestId request(long sequence, long acknowledgedBelow, int attempt) {
        return RequestId.newBuilder()
                .setClientHigh(1)
                .setClientLow(2)
                .setSequence(sequence)
                .setAcknowledgedBelow(acknowledgedBelow)
                .setAttempt(attempt)
                .build();
    }

    private static Command createVolume(String name, long quota) {
        return Command.newBuilder()
                .setCreateVolume(CreateVolume.newBuilder()
                        .setSpec(VolumeSpec.newBuilder().setName(name).setQuotaBytes(quota)))
                .build();
    }

    private Command put(String key, String content, RequestId request) {
        return put(volume, key, content).toBuilder().setRequest(request).build();
    }

    private static Command put(long volume, String key, String content) {
        return Command.newBuilder()
                .setVolumeId(volume)
                .setPut(Put.newBuilder()
                        .setKey(key)
                        .setContent(Content.newBuilder().setInline(ByteString.copyFromUtf8(content))))
                .build();
    }

    private Command putExtent(String key, long low) {
        Extent extent = Extent.newBuilder()
                .setIdHigh(1)
                .setIdLow(low)
                .setLength(100_000)
                .setStoredLength(100_000)
                .build();
        return Command.newBuilder()
                .setVolumeId(volume)
                .setPut(Put.newBuilder()
                        .setKey(key)
                        .setContent(Content.newBuilder()
                                .setStored(ExtentList.newBuilder().addAllExtents(List.of(extent)))))
                .build();
    }

    private Command delete(String key) {
        return Command.newBuilder()
                .setVolumeId(volume)
                .setDelete(Delete.newBuilder().setKey(key))
                .build();
    }

    private Command pin(String name, PinKind kind) {
        return Command.newBuilder()
                .setVolumeId(volume)
                .setCreatePin(CreatePin.newBuilder().setName(name).setKind(kind))
                .build();
    }

    private Command deleteVolume(boolean force) {
        return Command.newBuilder()
                .setVolumeId(volume)
                .setDeleteVolume(DeleteVolume.newBuilder().setForce(force))
                .build();
    }

    private static Command verify(long index, long hash) {
        return Command.newBuilder()
                .setVerifyState(VerifyState.newBuilder().setIndex(index).setHash(hash))
                .build();
    }
}
