package io.moorage.client.kv;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps this process' leases alive, each at a third of its time. Thread-safe. */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** Whoever gives a lease back does not wait longer: it ends by itself. */
    private static final Duration GIVE_BACK = Duration.ofSeconds(3);

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, LeaseKeeper::daemon);
    /** One renewal that hangs must not end the other leases. */
    private final ExecutorService renewals = Executors.newCachedThreadPool(LeaseKeeper::daemon);

    public LeaseKeeper() {
        clock.setRemoveOnCancelPolicy(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "leases");
        thread.setDaemon(true);
        return thread;
    }

    /** A lease that is kept alive until it is closed. Thread-safe. */
    public final class Kept implements AutoCloseable {
        private final Kv kv;
        private final long id;
        private final Duration ttl;
        private final AtomicBoolean renewing = new AtomicBoolean();
        private final ScheduledFuture<?> renewal;
        /** By System.nanoTime(): the group cannot have ended it before. */
        private volatile long certainUntilNanos;

        private volatile boolean ended;

        private Kept(Kv kv, long id, Duration ttl, long askedNanos) {
            this.kv = kv;
            this.id = id;
            this.ttl = ttl;
            this.certainUntilNanos = askedNanos + ttl.toNanos();
            long every = Math.max(100, ttl.toMillis() / 3);
            this.renewal = clock.scheduleAtFixedRate(this::startRenewal, every, every, TimeUnit.MILLISECONDS);
        }

        public long id() {
            return id;
        }

        /** Whether it certainly has not ended: counted from when it was last asked for, by this process' own clock. */
        public boolean isLive() {
            return !ended && certainUntilNanos - System.nanoTime() > 0;
        }

        private void startRenewal() {
            if (!ended && renewing.compareAndSet(false, true)) {
                renewals.execute(this::renew);
            }
        }

        private void renew() {
            long asked = System.nanoTime();
            try {
                kv.keepAlive(id, CallOptions.DEFAULT.withDeadline(ttl));
                certainUntilNanos = asked + ttl.toNanos();
            } catch (MoorageException e) {
                if (e.code() == ErrorCode.ERROR_CODE_NOT_FOUND) {
                    ended = true;
                    renewal.cancel(false);
                }
                LOG.debug("lease {} is not renewed: {}", id, e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("lease {} is not renewed: {}", id, e.toString());
            } finally {
                renewing.set(false);
            }
        }

        /** Ends it, with its keys; if nobody can be reached it ends by itself. */
        @Override
        public void close() {
            ended = true;
            renewal.cancel(false);
            try {
                kv.revoke(id, CallOptions.DEFAULT.withDeadline(ttl.compareTo(GIVE_BACK) < 0 ? ttl : GIVE_BACK));
            } catch (MoorageException e) {
                LOG.debug("lease {} ends by itself: {}", id, e.getMessage());
            }
        }
    }

    /** Grants a lease and keeps it alive. */
    public Kept grant(Kv kv, Duration ttl, CallOptions call) {
        long asked = System.nanoTime();
        return new Kept(kv, kv.grantLease(ttl, call).getId(), ttl, asked);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        renewals.shutdown();
    }
}
