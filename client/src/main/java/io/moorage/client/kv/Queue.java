package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Those who wait for something that only one can have, in the order in which they came: each has a key under a lease, and the
 * oldest key has it. Everybody watches the one before, so that nobody but the next wakes when it goes (Hunt et al., "ZooKeeper:
 * Wait-free coordination for Internet-scale systems", 2010, §2.4).
 */
final class Queue {
    private static final int PAGE = 500;
    /** How long one call waits for the one before; nothing is looked at anew when it ends. */
    private static final Duration POLL = Duration.ofSeconds(10);
    /** How soon one whose lease may have ended looks whether it still has its place. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final Kv kv;
    private final LeaseKeeper keeper;
    private final String prefix;

    Queue(Kv kv, LeaseKeeper keeper, String name) {
        this.kv = kv;
        this.keeper = keeper;
        this.prefix = name + "/";
    }

    /**
     * Waits in line.
     *
     * @param ttl of the lease that the place is held under
     * @return empty: its turn did not come within the wait, and the place is given up
     */
    Optional<Lock.Held> enter(Duration ttl, ByteString value, Duration wait) {
        LeaseKeeper.Kept lease = keeper.grant(kv, ttl, CallOptions.DEFAULT);
        boolean done = false;
        try {
            long token = join(lease, value, CallOptions.DEFAULT);
            done = awaitTurn(lease, token, wait, CallOptions.DEFAULT);
            return done ? Optional.of(new Lock.Held(key(lease.id()), lease, token)) : Optional.empty();
        } finally {
            if (!done) {
                lease.close();
            }
        }
    }

    /** @return the version that its key got: its place, and its fencing token */
    private long join(LeaseKeeper.Kept lease, ByteString value, CallOptions call) {
        return kv.put(key(lease.id()), value, new KvPutOptions("", lease.id(), false), call)
                .getEntry()
                .getEntry()
                .getVersion();
    }

    /** Waits until nobody is before this place; false if that takes longer than the wait. */
    private boolean awaitTurn(LeaseKeeper.Kept lease, long place, Duration wait, CallOptions call) {
        long until = System.nanoTime() + wait.toNanos();
        while (true) {
            List<KeyValue> waiting = waiting(true, call);
            if (waiting.stream().noneMatch(e -> e.getEntry().getVersion() == place)) {
                throw new MoorageException(
                        ErrorCode.ERROR_CODE_NOT_FOUND,
                        "lease " + lease.id() + " ended while its owner waited in " + prefix + "; start anew");
            }
            Optional<KeyValue> before = waiting.stream()
                    .filter(e -> e.getEntry().getVersion() < place)
                    .max(Comparator.comparingLong(e -> e.getEntry().getVersion()));
            if (before.isEmpty()) {
                return true;
            }
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            awaitGone(before.get(), lease, until);
        }
    }

    /** The one that has it: the oldest. */
    Optional<KeyValue> first(CallOptions call) {
        return waiting(false, call).stream()
                .min(Comparator.comparingLong(e -> e.getEntry().getVersion()));
    }

    boolean isWaitedIn() {
        return !kv.range(prefix, "", 1, true, CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM))
                .entries()
                .isEmpty();
    }

    private String key(long lease) {
        return prefix + Long.toHexString(lease);
    }

    private List<KeyValue> waiting(boolean keysOnly, CallOptions call) {
        List<KeyValue> found = new ArrayList<>();
        String after = "";
        do {
            KvPage page = kv.range(prefix, after, PAGE, keysOnly, call);
            found.addAll(page.entries());
            after = page.next();
        } while (!after.isEmpty());
        return found;
    }

    /**
     * Returns when it is gone, when the wait is over, or when the lease of the one who waits may have ended: whoever called looks
     * anew. Who else comes and goes wakes nobody.
     */
    private void awaitGone(KeyValue entry, LeaseKeeper.Kept lease, long until) {
        String key = entry.getEntry().getKey();
        Position after = Position.after(entry.getEntry().getVersion());
        Watch watch = kv.watch(new ChangeQuery(Optional.of(after), key, PAGE, true));
        try {
            boolean live = true;
            for (long left = until - System.nanoTime(); live && left > 0; left = until - System.nanoTime()) {
                live = lease.isLive();
                Duration most = live ? POLL : LOOK_AGAIN;
                for (Change change : watch.next(Duration.ofNanos(Math.min(left, most.toNanos())))) {
                    if (change.getKey().equals(key)) {
                        return;
                    }
                }
            }
        } catch (MoorageException e) {
            // Fallen behind what is kept: looking anew tells.
            if (e.code() != ErrorCode.ERROR_CODE_COMPACTED) {
                throw e;
            }
        }
    }
}
