package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.moorage.node.rocks.RecentValues;
import io.moorage.node.rocks.RocksResources;
import io.moorage.node.store.kv.CachedKeyValueStore;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueStore;
import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.node.store.kv.RocksKeyValueStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.SweepHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** The store against a plain model, over random command sequences. */
class GroupStoreProperties {
    /** Of some of the replicas that are compared; so small that it forgets. */
    private final RecentValues recent = new RecentValues(2000);

    @Property(tries = 400)
    void doesWhatTheModelDoes(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        Commands commands = new Commands(seed);
        GroupStore store = new GroupStore(new MemoryKeyValueStore());
        Model model = new Model();
        commands.createVolume(store);
        for (int round = 0; round < 25; round++) {
            List<Command> batch = commands.batch(model);
            ApplyOutcome outcome = store.apply(1, commands.nextIndex(), commands.toProto(batch));
            for (int i = 0; i < batch.size(); i++) {
                Result result = outcome.results().get(i);
                ErrorCode expected = model.apply(batch.get(i), result.getVersion());
                ErrorCode actual = result.hasFailure() ? result.getFailure().getCode() : null;
                assertThat(actual)
                        .as("seed %d, %s → %s", seed, batch.get(i), result)
                        .isEqualTo(expected);
            }
            checkContents(store, commands.volume(), model);
        }
        checkReferences(store, commands.volume());
    }

    @Property(tries = 60)
    void replicasAndRestartsAgree(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) throws IOException {
        Commands commands = new Commands(seed);
        MemoryKeyValueStore straight = new MemoryKeyValueStore();
        MemoryKeyValueStore restarted = new MemoryKeyValueStore();
        Path directory = Files.createTempDirectory("moorage-store");
        try (RocksResources resources = new RocksResources(4 << 20, 4 << 20);
                KeyValueStore rocks = RocksKeyValueStore.open(directory, resources)) {
            GroupStore first = new GroupStore(straight);
            GroupStore second = new GroupStore(new CachedKeyValueStore(restarted, recent));
            GroupStore third = new GroupStore(new CachedKeyValueStore(rocks, recent));
            Model model = new Model();
            List<CommandBatch> log = new ArrayList<>();
            log.add(commands.createVolumeBatch());
            for (int i = 0; i < 20; i++) {
                List<Command> batch = commands.batch(model);
                log.add(commands.toProto(batch));
            }
            int flushedAt = (int) (seed % log.size());
            int crashAt = flushedAt + (int) (seed / 7 % (log.size() - flushedAt));
            for (int i = 0; i < log.size(); i++) {
                first.apply(1, i, log.get(i));
                second.apply(1, i, log.get(i));
                third.apply(1, i, log.get(i));
                if (i == flushedAt) {
                    second.flush();
                }
                if (i == crashAt) {
                    restarted = restarted.crash();
                    second = new GroupStore(new CachedKeyValueStore(restarted, recent));
                    for (int replay = 0; replay <= i; replay++) {
                        second.apply(1, replay, log.get(replay));
                    }
                }
            }
            assertThat(second.position()).isEqualTo(first.position());
            assertThat(third.position()).isEqualTo(first.position());
            assertThat(dump(restarted)).isEqualTo(dump(straight));
            assertThat(dump(rocks)).isEqualTo(dump(straight));
        } finally {
            deleteTree(directory);
        }
    }

    private static void checkContents(GroupStore store, long volume, Model model) {
        try (StoreView view = store.view()) {
            checkState(view, volume, 0, model.now());
            for (Map.Entry<Long, TreeMap<String, Model.Item>> pin :
                    model.pinned().entrySet()) {
                checkState(view, volume, pin.getKey(), pin.getValue());
            }
            assertThat(view.volume(volume).orElseThrow().getUsage().getEntries())
                    .isEqualTo(model.now().size());
            assertThat(view.volume(volume).orElseThrow().getUsage().getLogicalBytes())
                    .isEqualTo(model.now().values().stream()
                            .mapToLong(i -> i.content().length())
                            .sum());
        }
    }

    private static void checkState(StoreView view, long volume, long asOf, TreeMap<String, Model.Item> expected) {
        List<String> listed = new ArrayList<>();
        String after = "";
        EntryPage page;
        do {
            page = view.list(volume, "", "", after, 3, asOf);
            page.entries().forEach(e -> listed.add(e.getKey()));
            after = page.next();
        } while (page.truncated());
        assertThat(listed).as("as of %d", asOf).containsExactlyElementsOf(expected.keySet());
        expected.forEach((key, item) -> {
            Entry entry = view.stat(volume, key, asOf).orElseThrow();
            assertThat(entry.getVersion()).isEqualTo(item.version());
            assertThat(content(view, volume, entry)).isEqualTo(item.content());
        });
        assertThat(view.list(volume, "", "/", "", 1000, asOf).commonPrefixes())
                .containsExactlyElementsOf(expected.keySet().stream()
                        .filter(k -> k.contains("/"))
                        .map(k -> k.substring(0, k.indexOf('/') + 1))
                        .distinct()
                        .toList());
    }

    static String content(StoreView view, long volume, Entry entry) {
        ByteString bytes = ByteString.EMPTY;
        for (Extent extent : entry.getExtentsList()) {
            Optional<ByteString> part = view.inline(volume, extent);
            bytes = bytes.concat(part.orElseThrow());
        }
        return bytes.toStringUtf8();
    }

    /** When every pin is gone and swept, nothing is left but what the entries name. */
    private static void checkReferences(GroupStore store, long volume) {
        long index = store.position().index();
        try (StoreView view = store.view()) {
            CommandBatch.Builder release = CommandBatch.newBuilder();
            view.pins(volume)
                    .forEach(pin -> release.addCommands(Command.newBuilder()
                            .setVolumeId(volume)
                            .setReleasePin(ReleasePin.newBuilder().setName(pin.getName()))));
            // A sweep goes on where the last one stopped, so it takes two to be sure to have seen everything.
            for (int i = 0; i < 2; i++) {
                release.addCommands(Command.newBuilder()
                        .setSweepHistory(SweepHistory.newBuilder().setLimit(10_000)));
            }
            release.addCommands(Command.newBuilder()
                    .setVolumeId(volume)
                    .setDeleteTree(DeleteTree.newBuilder().setLimit(10_000)));
            store.apply(1, index + 1, release.build());
        }
        try (StoreView view = store.view()) {
            var usage = view.volume(volume).orElseThrow().getUsage();
            assertThat(usage.getEntries()).isZero();
            assertThat(usage.getLogicalBytes()).isZero();
            assertThat(usage.getStoredBytes()).isZero();
            assertThat(usage.getHistoryEntries()).isZero();
        }
    }

    static Map<Family, Map<String, String>> dump(KeyValueStore store) {
        Map<Family, Map<String, String>> content = new TreeMap<>();
        for (Family family : Family.values()) {
            Map<String, String> map = new TreeMap<>();
            try (Cursor cursor = store.range(family, new byte[0], Keys.END)) {
                for (; cursor.valid(); cursor.next()) {
                    map.put(
                            HexFormat.of().formatHex(cursor.key()),
                            HexFormat.of().formatHex(cursor.value()));
                }
            }
            content.put(family, map);
        }
        return content;
    }

    private static void deleteTree(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
