package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeKind;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Result;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Who follows the changes of a volume from the beginning, whoever writes and however, knows what is in it. */
class ChangesReplayProperties {

    @Property(tries = 200)
    void changesTellWhatFilesAndTreesBecome(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        Commands commands = new Commands(seed);
        GroupStore store = new GroupStore(new MemoryKeyValueStore());
        Model model = new Model();
        commands.createVolume(store);
        Follower follower = new Follower(commands.volume());
        for (int round = 0; round < 25; round++) {
            List<Command> batch = commands.batch(model);
            List<Result> results = store.apply(1, commands.nextIndex(), commands.toProto(batch))
                    .results();
            for (int i = 0; i < batch.size(); i++) {
                model.apply(batch.get(i), results.get(i).getVersion());
            }
            follower.check(store, seed);
        }
    }

    @Property(tries = 200)
    void changesTellWhatVersionedObjectsBecome(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        VersionedCommands commands = new VersionedCommands(seed);
        GroupStore store = new GroupStore(new MemoryKeyValueStore());
        store.apply(1, 0, VersionedCommands.createVolume());
        VersionModel model = new VersionModel();
        Follower follower = new Follower(0);
        for (int round = 1; round <= 30; round++) {
            CommandBatch batch = commands.batch(model, round);
            List<Result> results = store.apply(1, round, batch).results();
            for (int i = 0; i < batch.getCommandsCount(); i++) {
                model.apply(
                        batch.getCommands(i),
                        results.get(i).getVersion(),
                        store.position().timeMs());
            }
            follower.check(store, seed);
        }
    }

    /** What is known from the changes alone. */
    private static final class Follower {
        private final long volume;
        /** Key → version; 0 = an older one that is not known. */
        private final Map<String, Long> known = new TreeMap<>();

        private long version;
        private int ordinal = ChangesPage.WHOLE_VERSION;

        Follower(long volume) {
            this.volume = volume;
        }

        void check(GroupStore store, long seed) {
            try (StoreView view = store.view()) {
                ChangesPage page;
                do {
                    page = view.changes(volume, new ChangesPage.Query(version, ordinal, false, "", 2, false));
                    page.changes().forEach(this::follow);
                    version = page.nextVersion();
                    ordinal = page.nextOrdinal();
                } while (page.more());
                List<Entry> entries = view.list(volume, "", "", "", 1000, 0).entries();
                assertThat(known.keySet())
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(
                                entries.stream().map(Entry::getKey).toList());
                for (Entry entry : entries) {
                    assertThat(known.get(entry.getKey()))
                            .as("seed %d, %s", seed, entry.getKey())
                            .isIn(0L, entry.getVersion());
                }
            }
        }

        private void follow(Change change) {
            ChangeKind kind = change.getKind();
            switch (kind) {
                case CHANGE_KIND_DELETED, CHANGE_KIND_RENAMED_FROM, CHANGE_KIND_EXPIRED ->
                    known.remove(change.getKey());
                case CHANGE_KIND_RESTORED -> known.put(change.getKey(), 0L);
                case CHANGE_KIND_AMENDED -> assertThat(known).containsKey(change.getKey());
                default -> known.put(change.getKey(), change.getVersion());
            }
        }
    }
}
