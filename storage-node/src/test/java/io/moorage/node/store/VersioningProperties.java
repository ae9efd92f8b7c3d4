package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.rocks.RecentValues;
import io.moorage.node.store.kv.CachedKeyValueStore;
import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.EntryVersion;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VolumeUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Versions, locks, parts and attributes against a plain model, over random command sequences. */
class VersioningProperties {
    private static final long VOLUME = 0;
    /** Of some of the replicas that are compared; so small that it forgets. */
    private final RecentValues recent = new RecentValues(2000);

    @Property(tries = 400)
    void doesWhatTheModelDoes(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        GroupStore store = new GroupStore(new MemoryKeyValueStore());
        store.apply(1, 0, VersionedCommands.createVolume());
        VersionModel model = new VersionModel();
        VersionedCommands commands = new VersionedCommands(seed);
        for (int round = 1; round <= 30; round++) {
            CommandBatch batch = commands.batch(model, round);
            ApplyOutcome outcome = store.apply(1, round, batch);
            long timeMs = store.position().timeMs();
            for (int i = 0; i < batch.getCommandsCount(); i++) {
                Command command = batch.getCommands(i);
                Result result = outcome.results().get(i);
                ErrorCode expected = model.apply(command, result.getVersion(), timeMs);
                ErrorCode actual = result.hasFailure() ? result.getFailure().getCode() : null;
                assertThat(actual)
                        .as("seed %d round %d, %s → %s", seed, round, command, result)
                        .isEqualTo(expected);
            }
            try (StoreView view = store.view()) {
                checkNow(view, model, seed, round);
                model.pinned().forEach((pin, expected) -> checkEntries(view, pin, expected));
                checkVersions(view, model, 1 + (int) (seed % 4));
            }
        }
        checkNothingIsLeft(store, model);
    }

    @Property(tries = 60)
    void replicasAndRestartsAgree(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        MemoryKeyValueStore straight = new MemoryKeyValueStore();
        MemoryKeyValueStore restarted = new MemoryKeyValueStore();
        GroupStore first = new GroupStore(straight);
        GroupStore second = new GroupStore(new CachedKeyValueStore(restarted, recent));
        VersionModel model = new VersionModel();
        VersionedCommands commands = new VersionedCommands(seed);
        List<CommandBatch> log = new ArrayList<>();
        for (int i = 0; i <= 30; i++) {
            CommandBatch batch = i == 0 ? VersionedCommands.createVolume() : commands.batch(model, i);
            log.add(batch);
            List<Result> results = first.apply(1, i, batch).results();
            for (int c = 0; c < batch.getCommandsCount(); c++) {
                model.apply(
                        batch.getCommands(c),
                        results.get(c).getVersion(),
                        first.position().timeMs());
            }
            second.apply(1, i, batch);
            if (i % 7 == seed % 7) {
                second.flush();
            }
            if (i % 5 == seed % 5) {
                restarted = restarted.crash();
                second = new GroupStore(new CachedKeyValueStore(restarted, recent));
                for (int replay = 0; replay <= i; replay++) {
                    second.apply(1, replay, log.get(replay));
                }
            }
        }
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(GroupStoreProperties.dump(restarted)).isEqualTo(GroupStoreProperties.dump(straight));
    }

    private static void checkNow(StoreView view, VersionModel model, long seed, int round) {
        checkEntries(view, 0, model.now());
        VolumeUsage usage = view.volume(VOLUME).orElseThrow().getUsage();
        long hidden =
                model.chains().keySet().stream().filter(KeyRules::isHidden).count();
        List<VersionModel.Version> current = new ArrayList<>();
        List<VersionModel.Version> kept = new ArrayList<>();
        model.chains()
                .forEach((key, chain) ->
                        chain.forEach(version -> (version == model.current(key) ? current : kept).add(version)));
        assertThat(usage.getEntries())
                .as("seed %d round %d", seed, round)
                .isEqualTo(model.now().size());
        assertThat(usage.getHiddenEntries()).isEqualTo(hidden);
        assertThat(usage.getLogicalBytes())
                .isEqualTo(current.stream().mapToLong(v -> v.content().length()).sum());
        assertThat(usage.getKeptVersions()).isEqualTo(kept.size());
        assertThat(usage.getKeptBytes())
                .isEqualTo(kept.stream()
                        .mapToLong(v -> v.marker() ? 0 : v.content().length())
                        .sum());
        assertThat(view.volume(VOLUME).orElseThrow().getLegalHolds())
                .isEqualTo(model.chains().values().stream()
                        .flatMap(List::stream)
                        .filter(v -> v.lock().getLegalHold())
                        .count());
    }

    private static void checkEntries(StoreView view, long asOf, TreeMap<String, VersionModel.Version> expected) {
        List<String> listed = new ArrayList<>();
        String after = "";
        EntryPage page;
        do {
            page = view.list(VOLUME, "", "", after, 3, asOf);
            page.entries().forEach(e -> listed.add(e.getKey()));
            after = page.next();
        } while (page.truncated());
        assertThat(listed).as("as of %d", asOf).containsExactlyElementsOf(expected.keySet());
        expected.forEach((key, version) -> {
            Entry entry = view.stat(VOLUME, key, asOf).orElseThrow();
            check(view, entry, version);
            assertThat(entry.getVersioned()).isEqualTo(version.versioned());
        });
    }

    private static void checkVersions(StoreView view, VersionModel model, int limit) {
        List<String> expected = new ArrayList<>();
        model.chains().forEach((key, chain) -> {
            if (!KeyRules.isHidden(key)) {
                for (int i = 0; i < chain.size(); i++) {
                    expected.add(describe(
                            key, chain.get(i).version(), i == 0, chain.get(i).marker()));
                }
            }
        });
        List<String> listed = new ArrayList<>();
        String key = "";
        long marker = 0;
        ListVersionsResponse.Builder page;
        do {
            page = view.versions(VOLUME, "", "", key, marker, limit);
            assertThat(page.getVersionsCount()).isLessThanOrEqualTo(limit);
            for (EntryVersion each : page.getVersionsList()) {
                Entry entry = each.getEntry();
                listed.add(describe(
                        entry.getKey(),
                        entry.getVersion(),
                        each.getLatest(),
                        entry.getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER));
            }
            key = page.getNextKeyMarker();
            marker = page.getNextVersionMarker();
        } while (page.getTruncated());
        assertThat(listed).containsExactlyElementsOf(expected);
        model.chains()
                .forEach((name, chain) -> chain.forEach(version -> {
                    check(
                            view,
                            view.version(
                                            VOLUME,
                                            name,
                                            VersionSelector.newBuilder()
                                                    .setVersion(version.version())
                                                    .build(),
                                            true)
                                    .orElseThrow(),
                            version);
                    if (!version.versioned()) {
                        VersionSelector none = VersionSelector.newBuilder()
                                .setNullVersion(true)
                                .build();
                        check(view, view.version(VOLUME, name, none, true).orElseThrow(), version);
                    }
                }));
    }

    private static String describe(String key, long version, boolean latest, boolean marker) {
        return key + "@" + version + (latest ? " latest" : "") + (marker ? " marker" : "");
    }

    private static void check(StoreView view, Entry entry, VersionModel.Version expected) {
        assertThat(entry.getVersion()).isEqualTo(expected.version());
        assertThat(entry.getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER).isEqualTo(expected.marker());
        TreeMap<String, String> attributes = new TreeMap<>();
        entry.getAttributesList().forEach(item -> attributes.put(item.getName(), item.getValue()));
        assertThat(attributes).isEqualTo(expected.attributes());
        assertThat(entry.getLock()).isEqualTo(expected.lock());
        if (!expected.marker()) {
            assertThat(GroupStoreProperties.content(view, VOLUME, entry)).isEqualTo(expected.content());
        }
    }

    /** When every pin is gone and swept, and every version removed, no byte is kept. */
    private static void checkNothingIsLeft(GroupStore store, VersionModel model) {
        List<String> pins;
        try (StoreView view = store.view()) {
            pins = view.pins(VOLUME).stream().map(Pin::getName).toList();
        }
        CommandBatch clear = VersionedCommands.clear(VOLUME, model, pins);
        ApplyOutcome outcome = store.apply(1, store.position().index() + 1, clear);
        assertThat(outcome.results()).noneMatch(Result::hasFailure);
        try (StoreView view = store.view()) {
            assertThat(view.volume(VOLUME).orElseThrow().getUsage()).isEqualTo(VolumeUsage.getDefaultInstance());
        }
    }
}
