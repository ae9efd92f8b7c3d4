package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.TransactResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * {@link Kv} for those who do not wait. Up to a number of calls are under way at once; one more makes its caller carry it out
 * itself, so that nobody runs ahead without bounds. Futures fail with {@link io.moorage.client.MoorageException} as their cause.
 * Thread-safe.
 */
public final class AsyncKv implements AutoCloseable {
    private final Kv kv;
    private final ExecutorService executor;

    /** @param underWay calls at once, 1 to 4096 */
    public AsyncKv(Kv kv, int underWay) {
        this.kv = kv;
        this.executor = new ThreadPoolExecutor(
                0,
                underWay,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "kv");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    public CompletableFuture<Optional<KeyValue>> get(String key, CallOptions call) {
        return CompletableFuture.supplyAsync(() -> kv.get(key, call), executor);
    }

    public CompletableFuture<KvResult> put(String key, ByteString value, KvPutOptions options, CallOptions call) {
        return CompletableFuture.supplyAsync(() -> kv.put(key, value, options, call), executor);
    }

    public CompletableFuture<Cas> compareAndSwap(
            Compare expected, ByteString value, KvPutOptions options, CallOptions call) {
        return CompletableFuture.supplyAsync(() -> kv.compareAndSwap(expected, value, options, call), executor);
    }

    public CompletableFuture<KvResult> delete(String key, CallOptions call) {
        return CompletableFuture.supplyAsync(() -> kv.delete(key, call), executor);
    }

    public CompletableFuture<TransactResult> transact(Transact transact, CallOptions call) {
        return CompletableFuture.supplyAsync(() -> kv.transact(transact, call), executor);
    }

    public CompletableFuture<KvPage> range(
            String prefix, String startAfter, int limit, boolean keysOnly, CallOptions call) {
        return CompletableFuture.supplyAsync(() -> kv.range(prefix, startAfter, limit, keysOnly, call), executor);
    }

    public CompletableFuture<ChangeSet> changes(ChangeQuery query, Duration wait) {
        return CompletableFuture.supplyAsync(() -> kv.changes(query, wait), executor);
    }

    /** Calls under way end as they would. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
