package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.Precondition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of ten thousand keys that is read page by page while somebody writes to it. */
class ListingTest {
    private static final int KEYS = 10_000;

    @TempDir
    Path directory;

    @Test
    void everyKeyThatStaysIsListedOnceInOrderWhileOthersComeAndGo() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(32);
        try (InProcessCluster cluster = new InProcessCluster(directory, 3, Map.of())) {
            VolumeStore volume = cluster.volume("v");
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> loaders = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                loaders.add(executor.submit(() -> {
                    for (int n = next.getAndIncrement(); n < KEYS; n = next.getAndIncrement()) {
                        ClusterTest.put(volume, key(n), new byte[] {1}, CallOptions.DEFAULT);
                    }
                    return null;
                }));
            }
            for (Future<?> loader : loaders) {
                loader.get();
            }

            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            Future<?> writer = executor.submit(() -> {
                for (int i = 0; !done.get(); i++) {
                    // Before, at and behind where the reader is: one replaced, one added, the one before it deleted.
                    int n = i * 7919 % KEYS;
                    ClusterTest.put(volume, key(n), new byte[] {2}, CallOptions.DEFAULT);
                    ClusterTest.put(volume, key(n) + "-new", new byte[] {3}, CallOptions.DEFAULT);
                    if (i > 0) {
                        volume.delete(
                                key((i - 1) * 7919 % KEYS) + "-new",
                                Precondition.getDefaultInstance(),
                                CallOptions.DEFAULT);
                    }
                    written.incrementAndGet();
                }
                return null;
            });
            for (int limit : List.of(1000, 333)) {
                int before = written.get();
                List<String> seen = new ArrayList<>();
                String after = "";
                int pages = 0;
                ListResponse page;
                do {
                    page = volume.list("d/", "/", after, limit, CallOptions.DEFAULT);
                    assertThat(page.getEntriesCount()).isLessThanOrEqualTo(limit);
                    page.getEntriesList().stream().map(Entry::getKey).forEach(seen::add);
                    after = page.getNextStartAfter();
                    pages++;
                } while (page.getTruncated());
                assertThat(pages).isGreaterThanOrEqualTo(KEYS / limit);
                assertThat(seen).isSorted().doesNotHaveDuplicates();
                assertThat(seen.stream().filter(key -> !key.endsWith("-new"))).hasSize(KEYS);
                assertThat(written.get()).as("the writer was at it").isGreaterThan(before);
            }
            done.set(true);
            writer.get();
        } finally {
            executor.shutdownNow();
        }
    }

    private static String key(int n) {
        return String.format(Locale.ROOT, "d/%05d", n);
    }
}
