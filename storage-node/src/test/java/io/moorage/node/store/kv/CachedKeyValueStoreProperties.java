package io.moorage.node.store.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.node.rocks.RecentValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is remembered is what is stored, whatever is written, deleted, forgotten, opened again, and fails. */
class CachedKeyValueStoreProperties {
    private static final int KEYS = 12;

    @Property(tries = 300)
    void answersAsTheStoreBelowDoes(@ForAll long seed) {
        Random random = new Random(seed);
        // Room for some values only: others are forgotten.
        RecentValues recent = new RecentValues(1500);
        MemoryKeyValueStore below = new MemoryKeyValueStore();
        CachedKeyValueStore cached = new CachedKeyValueStore(below, recent);
        for (int round = 0; round < 200; round++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> cached.write(ranges(random), mutations(random));
                case 3 -> cached = new CachedKeyValueStore(below = below.crash(), recent);
                case 4 -> cached.flush();
                default -> {
                    Family family = random.nextInt(4) == 0 ? Family.REFS : Family.HEAD;
                    byte[] key = {(byte) random.nextInt(KEYS)};
                    assertThat(cached.get(family, key)).isEqualTo(below.get(family, key));
                }
            }
        }
    }

    @Example
    void nothingOfBeforeIsBelievedAfterAFailure() {
        CachedKeyValueStore cached = new CachedKeyValueStore(new MemoryKeyValueStore(), new RecentValues(100_000));
        byte[] key = {1};
        cached.write(List.of(), List.of(head(key, 1)));
        assertThat(cached.get(Family.HEAD, key)).containsExactly(1);

        // The second one cannot be written, and the first one has been.
        assertThatThrownBy(() -> cached.write(List.of(), List.of(head(key, 2), head(null, 3))))
                .isInstanceOf(NullPointerException.class);

        assertThat(cached.get(Family.HEAD, key)).containsExactly(2);
    }

    private static KeyValueStore.Mutation head(byte[] key, int value) {
        return new KeyValueStore.Mutation(Family.HEAD, key, new byte[] {(byte) value});
    }

    private static List<KeyValueStore.RangeDelete> ranges(Random random) {
        if (random.nextInt(4) > 0) {
            return List.of();
        }
        int from = random.nextInt(KEYS);
        return List.of(new KeyValueStore.RangeDelete(
                random.nextBoolean() ? Family.HEAD : Family.REFS,
                new byte[] {(byte) from},
                new byte[] {(byte) (from + random.nextInt(4))}));
    }

    private static List<KeyValueStore.Mutation> mutations(Random random) {
        List<KeyValueStore.Mutation> mutations = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            // One in a while is too long to be remembered.
            byte[] value = new byte[random.nextInt(8) == 0 ? 4000 : random.nextInt(40)];
            random.nextBytes(value);
            mutations.add(new KeyValueStore.Mutation(
                    random.nextInt(3) == 0 ? Family.REFS : Family.HEAD,
                    new byte[] {(byte) random.nextInt(KEYS)},
                    random.nextInt(3) == 0 ? null : value));
        }
        return mutations;
    }
}
