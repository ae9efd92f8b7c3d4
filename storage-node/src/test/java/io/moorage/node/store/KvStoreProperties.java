package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.moorage.node.rocks.RecentValues;
import io.moorage.node.store.kv.CachedKeyValueStore;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.protocol.v1.Append;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeFeed;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ExpireLeases;
import io.moorage.protocol.v1.GrantLease;
import io.moorage.protocol.v1.KeepLeaseAlive;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvDelete;
import io.moorage.protocol.v1.KvGet;
import io.moorage.protocol.v1.KvIncrement;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvPut;
import io.moorage.protocol.v1.KvRange;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.Relation;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.RevokeLease;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.UpdateVolume;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Transactions, leases and changes against a plain model, over random command sequences. */
class KvStoreProperties {
    private static final String[] KEYS = {"a", "b", "c", "d/a", "d/b", "n"};
    private static final int ROUNDS = 30;
    private static final VolumeSpec SPEC = VolumeSpec.newBuilder()
            .setName("v")
            .setChanges(ChangeRetention.newBuilder().setMaxCount(24).setMaxValueBytes(48))
            .build();
    /** Of some of the replicas that are compared; so small that it forgets. */
    private final RecentValues recent = new RecentValues(2000);

    @Property(tries = 400)
    void doesWhatTheModelDoes(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        Random random = new Random(seed);
        MemoryKeyValueStore memory = new MemoryKeyValueStore();
        GroupStore store = new GroupStore(memory);
        KvModel model = new KvModel();
        long index = 0;
        long volume = store.apply(1, index++, createVolume())
                .results()
                .get(0)
                .getVolume()
                .getId();
        for (int round = 0; round < ROUNDS; round++) {
            CommandBatch batch = batch(random, model, volume);
            model.leaseMs += batch.getElapsedMs();
            List<Result> results = store.apply(1, index++, batch).results();
            for (int i = 0; i < results.size(); i++) {
                check(seed, batch.getCommands(i), results.get(i), model);
            }
            checkState(seed, store, volume, model);
        }
        checkNothingIsLeft(store, volume, index);
        Map<Family, Map<String, String>> left = GroupStoreProperties.dump(memory);
        assertThat(left.get(Family.DATA)).as("seed %d", seed).isEmpty();
        assertThat(left.get(Family.REFS)).as("seed %d", seed).isEmpty();
        assertThat(left.get(Family.META)).as("seed %d", seed).hasSize(3);
    }

    @Property(tries = 60)
    void replicasAndRestartsAgree(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        Random random = new Random(seed);
        MemoryKeyValueStore straight = new MemoryKeyValueStore();
        MemoryKeyValueStore restarted = new MemoryKeyValueStore();
        GroupStore first = new GroupStore(straight);
        GroupStore second = new GroupStore(new CachedKeyValueStore(restarted, recent));
        KvModel model = new KvModel();
        List<CommandBatch> log = new ArrayList<>(List.of(createVolume()));
        for (int i = 0; i < ROUNDS; i++) {
            if (i > 0) {
                log.add(batch(random, model, 0));
                model.leaseMs += log.get(i).getElapsedMs();
            }
            ApplyOutcome one = first.apply(1, i, log.get(i));
            assertThat(second.apply(1, i, log.get(i)).results()).isEqualTo(one.results());
            for (int c = 0; i > 0 && c < one.results().size(); c++) {
                model.apply(log.get(i).getCommands(c), one.results().get(c).getVersion());
            }
            switch (random.nextInt(5)) {
                case 0 -> second.flush();
                case 1 -> {
                    restarted = restarted.crash();
                    second = new GroupStore(new CachedKeyValueStore(restarted, recent));
                    for (int replay = 0; replay <= i; replay++) {
                        second.apply(1, replay, log.get(replay));
                    }
                }
                default -> {
                    // It goes on.
                }
            }
        }
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(second.nextLeaseEndMs()).isEqualTo(first.nextLeaseEndMs());
        assertThat(GroupStoreProperties.dump(restarted)).isEqualTo(GroupStoreProperties.dump(straight));
    }

    private static void check(long seed, Command command, Result result, KvModel model) {
        ErrorCode expected = model.apply(command, result.getVersion());
        ErrorCode actual = result.hasFailure() ? result.getFailure().getCode() : null;
        assertThat(actual).as("seed %d, %s → %s", seed, command, result).isEqualTo(expected);
        if (expected != null || !command.hasTransact()) {
            return;
        }
        assertThat(result.getTransact().getSucceeded()).isEqualTo(model.succeeded);
        List<KvOperation> operations = model.succeeded
                ? command.getTransact().getSuccessList()
                : command.getTransact().getOtherwiseList();
        List<String> reads = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            read(operations.get(i), result.getTransact().getResults(i), reads);
        }
        assertThat(reads).as("seed %d, %s", seed, command).isEqualTo(model.reads);
    }

    private static void read(KvOperation operation, KvResult result, List<String> reads) {
        switch (operation.getOperationCase()) {
            case PUT ->
                reads.add(
                        operation.getPut().getKey() + "=" + (result.hasPrevious() ? text(result.getPrevious()) : null));
            case GET ->
                reads.add(operation.getGet().getKey() + "=" + (result.hasEntry() ? text(result.getEntry()) : null));
            case DELETE ->
                reads.add(operation.getDelete().getKey() + "="
                        + (result.hasPrevious() ? text(result.getPrevious()) : null));
            case RANGE ->
                result.getEntriesList().forEach(e -> reads.add(e.getEntry().getKey() + "=" + text(e)));
            default -> reads.add("#" + result.getNumber());
        }
    }

    private static String text(KeyValue value) {
        assertThat(value.getValueOmitted()).isFalse();
        return value.getValue().toStringUtf8();
    }

    private static void checkState(long seed, GroupStore store, long volume, KvModel model) {
        try (StoreView view = store.view()) {
            for (String key : KEYS) {
                KvModel.Item item = model.entries.get(key);
                Entry entry = view.stat(volume, key, 0).orElse(null);
                assertThat(entry == null ? 0 : entry.getVersion())
                        .as("seed %d, %s", seed, key)
                        .isEqualTo(item == null ? 0 : item.version());
                assertThat(entry == null ? 0 : entry.getLeaseId()).isEqualTo(item == null ? 0 : item.lease());
            }
            for (long id : model.leases.keySet()) {
                assertThat(view.lease(volume, id).orElseThrow().getExpiresAtMs())
                        .isEqualTo(model.leases.get(id).expiresAtMs());
                List<String> keys = model.entries.entrySet().stream()
                        .filter(e -> e.getValue().lease() == id)
                        .map(Map.Entry::getKey)
                        .toList();
                assertThat(view.leaseKeys(volume, id)).isEqualTo(keys);
                assertThat(view.lease(volume, id).orElseThrow().getKeys()).isEqualTo(keys.size());
            }
            checkChanges(seed, view, volume, model);
        }
        assertThat(store.nextLeaseEndMs())
                .isEqualTo(model.leases.values().stream()
                        .mapToLong(KvModel.LeaseItem::expiresAtMs)
                        .min()
                        .orElse(GroupStore.NO_LEASES));
    }

    private static void checkChanges(long seed, StoreView view, long volume, KvModel model) {
        ChangeFeed feed = view.volume(volume).orElseThrow().getFeed();
        List<Change> changes = new ArrayList<>();
        ChangesPage page = view.changes(volume, new ChangesPage.Query(0, 0, true, "", 3, false));
        changes.addAll(page.changes());
        while (page.more()) {
            page = view.changes(
                    volume, new ChangesPage.Query(page.nextVersion(), page.nextOrdinal(), false, "", 3, false));
            changes.addAll(page.changes());
        }
        assertThat(page.nextVersion()).isEqualTo(view.version());
        List<KvModel.Event> kept = model.events.stream()
                .filter(event -> event.version() > feed.getHorizon())
                .toList();
        assertThat(changes).as("seed %d", seed).hasSameSizeAs(kept);
        assertThat(feed.getCount()).isEqualTo(kept.size()).isLessThanOrEqualTo(24 + 3);
        assertThat(feed.getHeldBytes()).isBetween(0L, 48L);
        for (int i = 0; i < kept.size(); i++) {
            KvModel.Event event = kept.get(i);
            Change change = changes.get(i);
            assertThat(event.matches(change))
                    .as("seed %d, %s and %s", seed, event, change)
                    .isTrue();
            if (event.value() == null) {
                assertThat(change.getHasValue()).isFalse();
            } else if (change.getHasValue()) {
                assertThat(change.getValue().toStringUtf8()).isEqualTo(event.value());
            } else {
                assertThat(event.appended() || event.version() <= feed.getValueHorizon())
                        .as("seed %d: %s has lost its value", seed, change)
                        .isTrue();
            }
        }
        if (feed.getHorizon() > 0) {
            assertThatThrownBy(() ->
                            view.changes(volume, new ChangesPage.Query(feed.getHorizon() - 1, -1, false, "", 3, false)))
                    .isInstanceOfSatisfying(Refusal.class, refusal -> {
                        assertThat(refusal.failure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_COMPACTED);
                        assertThat(refusal.failure().getCurrentVersion()).isEqualTo(feed.getHorizon());
                    });
        }
    }

    /** With the entries deleted and the feed off, no byte is kept and nothing is counted. */
    private static void checkNothingIsLeft(GroupStore store, long volume, long index) {
        store.apply(
                1,
                index,
                CommandBatch.newBuilder()
                        .addCommands(Command.newBuilder()
                                .setVolumeId(volume)
                                .setDeleteTree(DeleteTree.newBuilder().setLimit(10_000)))
                        .addCommands(Command.newBuilder()
                                .setVolumeId(volume)
                                .setUpdateVolume(UpdateVolume.newBuilder()
                                        .setSpec(SPEC.toBuilder()
                                                .setChanges(ChangeRetention.newBuilder()
                                                        .setOff(true)))))
                        .build());
        try (StoreView view = store.view()) {
            var left = view.volume(volume).orElseThrow();
            assertThat(left.getUsage().getStoredBytes()).isZero();
            assertThat(left.getFeed().getHeldBytes()).isZero();
            assertThat(left.getFeed().getCount()).isZero();
        }
    }

    private static CommandBatch createVolume() {
        return CommandBatch.newBuilder()
                .addCommands(Command.newBuilder()
                        .setCreateVolume(CreateVolume.newBuilder().setSpec(SPEC)))
                .build();
    }

    private static CommandBatch batch(Random random, KvModel model, long volume) {
        CommandBatch.Builder batch = CommandBatch.newBuilder().setElapsedMs(100 * random.nextInt(8));
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            batch.addCommands(command(random, model).setVolumeId(volume));
        }
        return batch.build();
    }

    private static Command.Builder command(Random random, KvModel model) {
        Command.Builder command = Command.newBuilder();
        return switch (random.nextInt(14)) {
            case 0 ->
                command.setPut(Put.newBuilder()
                        .setKey(key(random))
                        .setContent(Content.newBuilder().setInline(value(random))));
            case 1 ->
                command.setAppend(Append.newBuilder()
                        .setKey(key(random))
                        .setContent(Content.newBuilder().setInline(value(random))));
            case 2 -> command.setRename(Rename.newBuilder().setFrom(key(random)).setTo(key(random)));
            case 3 -> command.setCopy(Copy.newBuilder().setFrom(key(random)).setTo(key(random)));
            case 4 -> command.setGrantLease(GrantLease.newBuilder().setTtlMs(1000 + 100 * random.nextInt(40)));
            case 5 -> command.setKeepLeaseAlive(KeepLeaseAlive.newBuilder().setLeaseId(lease(random, model)));
            case 6 -> command.setRevokeLease(RevokeLease.newBuilder().setLeaseId(lease(random, model)));
            case 7 -> command.setExpireLeases(ExpireLeases.newBuilder().setLimit(1 + random.nextInt(3)));
            default -> command.setTransact(transact(random, model));
        };
    }

    private static Transact transact(Random random, KvModel model) {
        Transact.Builder transact = Transact.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            transact.addCompare(compare(random, model));
        }
        operations(random, model).forEach(transact::addSuccess);
        operations(random, model).forEach(transact::addOtherwise);
        return transact.build();
    }

    private static List<KvOperation> operations(Random random, KvModel model) {
        List<String> free = new ArrayList<>(List.of(KEYS));
        java.util.Collections.shuffle(free, random);
        List<KvOperation> operations = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            KvOperation.Builder operation = KvOperation.newBuilder();
            operations.add(
                    switch (random.nextInt(7)) {
                        case 0, 1, 2 ->
                            operation
                                    .setPut(KvPut.newBuilder()
                                            .setKey(free.remove(0))
                                            .setValue(value(random))
                                            .setReturnPrevious(true)
                                            .setLeaseId(random.nextInt(3) == 0 ? lease(random, model) : 0))
                                    .build();
                        case 3 ->
                            operation
                                    .setGet(KvGet.newBuilder().setKey(key(random)))
                                    .build();
                        case 4 ->
                            operation
                                    .setDelete(KvDelete.newBuilder()
                                            .setKey(free.remove(0))
                                            .setReturnPrevious(true))
                                    .build();
                        case 5 ->
                            operation
                                    .setRange(KvRange.newBuilder()
                                            .setPrefix(random.nextBoolean() ? "d/" : "")
                                            .setLimit(1 + random.nextInt(4)))
                                    .build();
                        default ->
                            operation
                                    .setIncrement(KvIncrement.newBuilder()
                                            .setKey(free.remove(0))
                                            .setBy(random.nextInt(9) - 4))
                                    .build();
                    });
        }
        return operations;
    }

    private static Compare compare(Random random, KvModel model) {
        Compare.Builder compare =
                Compare.newBuilder().setKey(key(random)).setRelation(Relation.forNumber(1 + random.nextInt(4)));
        KvModel.Item item = model.entries.get(compare.getKey());
        return switch (random.nextInt(5)) {
            case 0 ->
                compare.setValue(
                                item != null && random.nextBoolean()
                                        ? ByteString.copyFromUtf8(item.value())
                                        : value(random))
                        .build();
            case 1 ->
                compare.setVersion(item != null && random.nextBoolean() ? item.version() : random.nextInt(9000))
                        .build();
            case 2 ->
                compare.setRelation(Relation.forNumber(1 + random.nextInt(2)))
                        .setExists(random.nextBoolean())
                        .build();
            case 3 -> compare.setSize(random.nextInt(4)).build();
            default ->
                compare.setLeaseId(item != null && random.nextBoolean() ? item.lease() : 0)
                        .build();
        };
    }

    private static long lease(Random random, KvModel model) {
        List<Long> ids = List.copyOf(model.leases.keySet());
        return ids.isEmpty() || random.nextInt(5) == 0 ? 77 : ids.get(random.nextInt(ids.size()));
    }

    private static String key(Random random) {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private static ByteString value(Random random) {
        return ByteString.copyFromUtf8(
                random.nextBoolean() ? Integer.toString(random.nextInt(100)) : "x".repeat(random.nextInt(6)));
    }
}
