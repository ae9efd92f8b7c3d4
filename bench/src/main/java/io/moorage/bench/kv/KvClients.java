package io.moorage.bench.kv;

import io.moorage.bench.ByteSize;
import io.moorage.bench.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks a key-value store, as many clients at once. */
final class KvClients {
    private final KvTarget store;
    private final int keys;

    /** @param keys that there are */
    KvClients(KvTarget store, int keys) {
        this.store = store;
        this.keys = keys;
    }

    /** @param size bytes, as 100 or 4KiB */
    static byte[] value(String size) {
        byte[] value = new byte[ByteSize.parse(size)];
        new SplittableRandom(1).nextBytes(value);
        return value;
    }

    /** Puts every key once. */
    void fill(byte[] value) throws InterruptedException, ExecutionException {
        int writers = 64;
        ExecutorService executor = Executors.newFixedThreadPool(writers);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            int first = i;
            running.add(executor.submit(() -> {
                for (int key = first; key < keys; key += writers) {
                    store.put(key(key), value);
                }
            }));
        }
        for (Future<?> future : running) {
            future.get();
        }
        executor.shutdown();
    }

    /**
     * Each client asks one thing after the other.
     *
     * @param before is not counted
     */
    Samples.Summary measure(KvOperation operation, int count, byte[] value, Duration before, Duration counted)
            throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(count);
        long from = System.nanoTime() + before.toNanos();
        long to = from + counted.toNanos();
        List<Future<Samples>> running = new ArrayList<>();
        for (int client = 0; client < count; client++) {
            Client worker = new Client(operation, client, value.clone());
            running.add(executor.submit(() -> worker.run(from, to)));
        }
        List<Samples> all = new ArrayList<>();
        for (Future<Samples> future : running) {
            all.add(future.get());
        }
        executor.shutdown();
        return Samples.Summary.of(all);
    }

    private static String key(int number) {
        return "key-" + number;
    }

    /** One of those who ask. For one thread. */
    private final class Client {
        private final KvOperation operation;
        private final byte[] value;
        private final String own;
        private final SplittableRandom random;
        private long version;

        private Client(KvOperation operation, int number, byte[] value) {
            this.operation = operation;
            this.value = value;
            this.own = "own-" + System.nanoTime() + "-" + number;
            this.random = new SplittableRandom(number);
        }

        private Samples run(long from, long to) {
            Samples samples = new Samples();
            while (true) {
                long start = System.nanoTime();
                if (start >= to) {
                    return samples;
                }
                try {
                    once();
                    long end = System.nanoTime();
                    if (start >= from && end <= to) {
                        samples.add(end - start);
                    }
                } catch (RuntimeException e) {
                    samples.failed(e.toString());
                    if (samples.errors() > 100) {
                        return samples;
                    }
                }
            }
        }

        private void once() {
            switch (operation) {
                case PUT -> store.put(any(), value);
                case GET -> store.get(any(), true);
                case GET_EVENTUAL -> store.get(any(), false);
                case CAS -> version = store.compareAndSwap(own, version, value);
                case TXN -> {
                    int first = random.nextInt(keys - 4);
                    String[] names = new String[4];
                    Arrays.setAll(names, i -> key(first + i));
                    store.transact(
                            "absent", new String[] {names[0], names[1]}, new String[] {names[2], names[3]}, value);
                }
            }
        }

        private String any() {
            return key(random.nextInt(keys));
        }
    }
}
