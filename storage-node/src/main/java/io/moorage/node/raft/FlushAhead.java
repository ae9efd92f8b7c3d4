package io.moorage.node.raft;

import io.moorage.node.config.NodeConfig;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * Makes a replica's state durable once enough of the log was applied, beside the thread that applies it: members apply alike, so if
 * that thread did it, all of them would stop answering for as long, at the same entry. One at a time; afterwards Ratis is asked to
 * take its snapshot, which then has nothing left to do. One that Ratis refuses is made up for by the next. For the applying thread,
 * but for {@link #done}.
 */
final class FlushAhead {
    private final Flush flush;
    private final Consumer<Exception> failed;
    private final NodeConfig.Raft limits;
    private final Executor executor;
    private final Runnable snapshot;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile TermIndex done = TermIndex.INITIAL_VALUE;
    private volatile long epoch;
    private long begunIndex;
    private long bytes;

    /** Makes what was applied durable. */
    interface Flush {
        /** False: it was not done, as the replica stops or gets another state. */
        boolean run() throws IOException;
    }

    /**
     * @param failed told why the state could not be flushed
     * @param limits after how much of the log
     * @param executor may refuse
     * @param snapshot asks for one, without waiting
     */
    FlushAhead(Flush flush, Consumer<Exception> failed, NodeConfig.Raft limits, Executor executor, Runnable snapshot) {
        this.flush = flush;
        this.failed = failed;
        this.limits = limits;
        this.executor = executor;
        this.snapshot = snapshot;
    }

    /** The state is durable up to here. Called when it was read from disk. */
    void startAt(TermIndex position) {
        synchronized (this) {
            // What was flushed before is not the state that is there now.
            epoch++;
            done = position;
        }
        begunIndex = position.getIndex();
        bytes = 0;
    }

    /** An entry was applied that takes so many bytes of the log. */
    void applied(TermIndex position, int entryBytes) {
        bytes += entryBytes;
        boolean due =
                bytes > limits.snapshotLogBytes() || position.getIndex() - begunIndex >= limits.snapshotLogEntries();
        if (!due || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            long begunIn = epoch;
            executor.execute(() -> run(position, begunIn));
            begunIndex = position.getIndex();
            bytes = 0;
        } catch (RejectedExecutionException e) {
            // So many syncs wait that one more would not help; the next entry tries again.
            running.set(false);
        }
    }

    private void run(TermIndex position, long begunIn) {
        try {
            if (flush.run() && finish(position, begunIn)) {
                snapshot.run();
            }
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
        } finally {
            running.set(false);
        }
    }

    private synchronized boolean finish(TermIndex position, long begunIn) {
        if (begunIn != epoch) {
            return false;
        }
        done = position;
        return true;
    }

    /** How far the state is durable at least. Thread-safe. */
    TermIndex done() {
        return done;
    }
}
