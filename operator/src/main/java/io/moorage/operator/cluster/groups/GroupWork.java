package io.moorage.operator.cluster.groups;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out changes of groups in the background, one at a time for each group, so that a reconcile waits for none. What failed
 * is not tried again at once: twice as long is waited each time, up to half a minute. Thread-safe.
 */
public final class GroupWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWork.class);
    private static final int THREADS = 8;
    /** They wait most of the time. */
    private static final int SLOW_THREADS = 64;

    private static final int QUEUE = 1024;
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(30);

    private static final class State {
        String underWay;
        int failures;
        long notBefore = System.nanoTime();
        String lastFailure = "";
    }

    private final Map<GroupId, State> states = new HashMap<>();
    private final ThreadPoolExecutor executor = pool("groups-", THREADS);
    private final ThreadPoolExecutor slowExecutor = pool("joining-", SLOW_THREADS);

    private static ThreadPoolExecutor pool(String name, int threads) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, name + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * @param what in words, for the status
     * @param done called afterwards, also after a failure
     * @return whether it was begun; otherwise something is under way already, or the last failure is too recent
     */
    public boolean begin(GroupId group, String what, Runnable work, Runnable done) {
        return begin(executor, group, what, work, done);
    }

    /** As {@link #begin}, for what may take as long as copying a group does: nothing else waits for it. */
    public boolean beginSlow(GroupId group, String what, Runnable work, Runnable done) {
        return begin(slowExecutor, group, what, work, done);
    }

    private boolean begin(Executor on, GroupId group, String what, Runnable work, Runnable done) {
        synchronized (states) {
            State state = states.computeIfAbsent(group, id -> new State());
            if (state.underWay != null || System.nanoTime() - state.notBefore < 0) {
                return false;
            }
            state.underWay = what;
        }
        try {
            on.execute(() -> run(group, what, work, done));
            return true;
        } catch (RejectedExecutionException e) {
            ended(group, "too much is under way");
            return false;
        }
    }

    private void run(GroupId group, String what, Runnable work, Runnable done) {
        String failure = "unknown";
        try {
            work.run();
            failure = "";
        } catch (MoorageException e) {
            failure = e.getMessage();
            LOG.warn("group {}: {}: {}", group, what, e.getMessage());
        } catch (RuntimeException e) {
            failure = e.toString();
            LOG.error("group {}: {}", group, what, e);
        } finally {
            ended(group, failure);
            done.run();
        }
    }

    private void ended(GroupId group, String failure) {
        synchronized (states) {
            State state = states.get(group);
            state.underWay = null;
            state.lastFailure = failure;
            state.failures = failure.isEmpty() ? 0 : state.failures + 1;
            long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(state.failures, 10));
            state.notBefore = System.nanoTime() + (failure.isEmpty() ? 0 : pause);
        }
    }

    /** What is being done to a group now. */
    public Optional<String> underWay(GroupId group) {
        synchronized (states) {
            return Optional.ofNullable(states.get(group)).map(state -> state.underWay);
        }
    }

    /** Why the last change of a group failed; empty if it did not. */
    public Optional<String> lastFailure(GroupId group) {
        synchronized (states) {
            return Optional.ofNullable(states.get(group))
                    .map(state -> state.lastFailure)
                    .filter(failure -> !failure.isEmpty());
        }
    }

    /** Ends what is under way, as far as it can be interrupted. Everything can be taken up again. */
    @Override
    public void close() {
        executor.shutdownNow();
        slowExecutor.shutdownNow();
        try {
            slowExecutor.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
            executor.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
