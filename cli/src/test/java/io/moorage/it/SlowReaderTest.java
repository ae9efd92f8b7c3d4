package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that take the first bytes and then nothing: they cost a bounded amount of memory, and nobody waits for them. */
class SlowReaderTest {
    private static final int SIZE = 12_000_000;
    private static final int PIECES = 20;
    private static final int READERS = 5;

    @TempDir
    Path directory;

    @Test
    void slowReadersHoldUpNobody() throws Exception {
        try (InProcessCluster cluster = new InProcessCluster(directory, 3, Map.of());
                MoorageClient client = new MoorageClient(cluster.serviceAddresses(), 4, PIECES)) {
            VolumeStore volume = client.store(cluster.volume("v").volume());
            byte[] data = ClusterTest.data(SIZE);
            ClusterTest.put(volume, "large", data, CallOptions.DEFAULT);

            CountDownLatch goOn = new CountDownLatch(1);
            AtomicInteger waiting = new AtomicInteger();
            ExecutorService readers = Executors.newCachedThreadPool();
            try {
                List<Future<Long>> slow = IntStream.range(0, READERS)
                        .mapToObj(i -> readers.submit(() -> read(volume, new Slow(goOn, waiting))))
                        .toList();
                await().atMost(Duration.ofSeconds(60)).until(() -> waiting.get() == READERS);

                assertThat(ClusterTest.get(volume, "large", CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(10))))
                        .isEqualTo(data);
                ClusterTest.put(volume, "other", data, CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(10)));

                goOn.countDown();
                for (Future<Long> reader : slow) {
                    assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(SIZE);
                }
            } finally {
                goOn.countDown();
                readers.shutdown();
                assertThat(readers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void whenAllMemoryIsTakenReadersAreToldToSlowDown() throws Exception {
        io.moorage.client.wire.ReadBudget budget = new io.moorage.client.wire.ReadBudget(4);
        for (int i = 0; i < 4; i++) {
            budget.take(Duration.ofMillis(1));
        }
        assertThat(budget.takeSpare()).isFalse();
        assertThatThrownBy(() -> budget.take(Duration.ofMillis(10)))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_SLOW_DOWN));
        budget.giveBack(1);
        budget.take(Duration.ofMillis(1));
    }

    private static long read(VolumeStore volume, Slow out) throws IOException {
        try (EntryReader reader = volume.open("large", CallOptions.DEFAULT).orElseThrow()) {
            reader.transferTo(0, SIZE, out);
        }
        return out.bytes;
    }

    /** Takes a little, then nothing until it may go on. */
    private static final class Slow extends OutputStream {
        private final CountDownLatch goOn;
        private final AtomicInteger waiting;
        private long bytes;

        Slow(CountDownLatch goOn, AtomicInteger waiting) {
            this.goOn = goOn;
            this.waiting = waiting;
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("byte by byte");
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            if (bytes == 0) {
                waiting.incrementAndGet();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            bytes += length;
        }
    }
}
