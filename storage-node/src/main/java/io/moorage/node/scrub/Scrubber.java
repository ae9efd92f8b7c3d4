package io.moorage.node.scrub;

import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.NodeErrors;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ScrubInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scrubs this node: reads all of its replicas, one after the other on one thread of low priority and at a bounded rate, has bad
 * extents fetched from other replicas, and a replica whose state is bad made anew. One scrub at a time; it goes on after a
 * restart where it was. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Clocks that differ by more are wrong. */
    private static final Duration MAX_AHEAD = Duration.ofHours(1);

    private final RaftHost raft;
    private final ScrubFile file;
    private final long bytesPerSecond;
    private final InstantSource clock;
    private final Thread thread;
    private final AtomicLong totalBytes = new AtomicLong();
    private final AtomicLong totalBad = new AtomicLong();
    private ScrubProgress progress;
    /** Never by an interrupt: that would close files under others. */
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param file remembers how far it is; it need not exist */
    public Scrubber(RaftHost raft, Path file, long bytesPerSecond, InstantSource clock) {
        this.raft = raft;
        this.file = new ScrubFile(file);
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.progress = this.file.read().orElse(null);
        this.thread = new Thread(this::work, "scrub");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /** From now on scrubs are carried out; first one that a stop of the node interrupted. */
    public void begin() {
        thread.start();
    }

    /**
     * Asks for a scrub that is due at some time; one that is under way counts for it.
     *
     * @param dueMs not later than the last one's: nothing is done
     * @throws NodeErrors.CallException INVALID_ARGUMENT if it is far ahead of the clock
     */
    public synchronized ScrubInfo start(long dueMs) throws IOException {
        long now = clock.millis();
        if (dueMs <= 0 || dueMs > now + MAX_AHEAD.toMillis()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                    "due_ms " + dueMs + " must be a time of this node's clock, which is at " + now
                            + "; set the clocks right");
        }
        if (progress == null || dueMs > progress.dueMs()) {
            progress =
                    progress != null && progress.isUnderWay() ? progress.due(dueMs) : ScrubProgress.begin(dueMs, now);
            file.write(progress);
            notifyAll();
        }
        return progress.toProto();
    }

    /** The last one, or the one that is under way. */
    public synchronized Optional<ScrubInfo> info() {
        return Optional.ofNullable(progress).map(ScrubProgress::toProto);
    }

    /** Bytes read since the start of the node. */
    public long bytes() {
        return totalBytes.get();
    }

    /** Bad copies found since the start of the node. */
    public long bad() {
        return totalBad.get();
    }

    private void work() {
        Pace pace = new Pace(bytesPerSecond);
        boolean failed = false;
        while (true) {
            try {
                pause(failed ? TimeUnit.MINUTES.toNanos(1) : 0);
                failed = false;
                Optional<ScrubCursor> at = awaitWork();
                if (at.isEmpty()) {
                    finish();
                } else {
                    scrub(at.get(), pace);
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("the scrub goes on in a minute: {}", e.toString());
                failed = true;
            }
        }
    }

    /** @throws InterruptedException when this is closed */
    private void pause(long nanos) throws InterruptedException {
        if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("stopped");
        }
    }

    /** Where to go on, once there is a scrub under way; empty: it has come to its end. */
    private Optional<ScrubCursor> awaitWork() throws InterruptedException {
        ScrubCursor cursor;
        synchronized (this) {
            while (progress == null || !progress.isUnderWay()) {
                wait();
                pause(0);
            }
            cursor = progress.cursor();
        }
        List<UUID> groups = raft.groups().stream()
                .sorted(Comparator.comparing(UUID::toString))
                .toList();
        if (cursor == null) {
            return groups.stream().findFirst().map(ScrubCursor::start);
        }
        if (groups.contains(cursor.group())) {
            return Optional.of(cursor);
        }
        return after(groups, cursor.group());
    }

    private static Optional<ScrubCursor> after(List<UUID> groups, UUID group) {
        return groups.stream()
                .filter(each -> each.toString().compareTo(group.toString()) > 0)
                .findFirst()
                .map(ScrubCursor::start);
    }

    /** Reads a group from here to its end, and what follows. */
    private void scrub(ScrubCursor from, Pace pace) throws InterruptedException, IOException {
        long saved = System.nanoTime();
        ScrubCursor at = from;
        while (at != null) {
            ReplicaScrub.Piece piece;
            try {
                piece = new ReplicaScrub(raft.replica(at.group())).read(at);
            } catch (NodeErrors.CallException e) {
                // It is on its way in or out.
                break;
            }
            if (piece.badState() != null) {
                raft.changes().distrust(at.group(), piece.badState());
            }
            int bad = piece.badExtents() + (piece.badState() == null ? 0 : 1);
            totalBytes.addAndGet(piece.bytes());
            totalBad.addAndGet(bad);
            at = piece.next();
            advance(at == null ? from : at, piece.bytes(), bad);
            if (System.nanoTime() - saved > SAVE_NANOS) {
                saved = System.nanoTime();
                save();
            }
            pause(pace.spent(piece.bytes()));
        }
        List<UUID> groups = raft.groups().stream()
                .sorted(Comparator.comparing(UUID::toString))
                .toList();
        Optional<ScrubCursor> next = after(groups, from.group());
        if (next.isEmpty()) {
            finish();
        } else {
            advance(next.get(), 0, 0);
            save();
        }
    }

    private synchronized void advance(ScrubCursor next, long bytes, long bad) {
        progress = progress.at(next, bytes, bad);
    }

    private synchronized void save() throws IOException {
        if (progress != null) {
            file.write(progress);
        }
    }

    private synchronized void finish() throws IOException {
        progress = progress.finished(clock.millis());
        LOG.info("scrubbed {} bytes, of which {} copies were bad", progress.bytes(), progress.bad());
        save();
    }

    /** Stops; what was done is remembered. */
    @Override
    public void close() {
        stopped.countDown();
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
            save();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("how far the scrub is was not remembered: {}", e.toString());
        }
    }
}
