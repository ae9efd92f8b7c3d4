package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.VolumeRef;
import io.moorage.protocol.v1.AwaitResponse;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Lease;
import io.moorage.protocol.v1.LeaseResult;
import io.moorage.protocol.v1.ReadLogResponse;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.TransactResult;
import java.time.Duration;
import java.util.Optional;

/**
 * The entries of one volume as keys and values of up to 1 MiB. Reads that do not ask for another consistency are strong, that
 * is linearizable. Writes take effect once, also when they are sent again. Thread-safe; calls block within their deadline (see
 * {@link AsyncKv} for those that do not) and throw {@link io.moorage.client.MoorageException}, which says whether a write may have
 * taken effect.
 */
public interface Kv {

    VolumeRef volume();

    /** Empty: there is no such key. TOO_LARGE if it is a file of more than 1 MiB. */
    Optional<KeyValue> get(String key, CallOptions call);

    /** The result holds the entry now, whether there was one before, and that one if asked for. */
    KvResult put(String key, ByteString value, KvPutOptions options, CallOptions call);

    /**
     * Writes a value if what is there is what is expected: see {@link Comparisons}.
     *
     * @param expected about this key
     */
    Cas compareAndSwap(Compare expected, ByteString value, KvPutOptions options, CallOptions call);

    /** The result says whether there was one, and holds it. */
    KvResult delete(String key, CallOptions call);

    /** Adds to a whole number in decimal digits (absent = 0). PRECONDITION_FAILED if it is none, or would overflow. */
    long increment(String key, long by, CallOptions call);

    /**
     * A page of keys, as of one moment. With their values it is always linearizable.
     *
     * @param startAfter keys strictly after this
     * @param limit 1 to 1000; a page also ends at 1 MiB
     */
    KvPage range(String prefix, String startAfter, int limit, boolean keysOnly, CallOptions call);

    /** Compares, then writes and reads many keys in one step. */
    TransactResult transact(Transact transact, CallOptions call);

    /** As {@link #transact}, with the place in the log that it took. */
    Result submit(Transact transact, CallOptions call);

    /** @param ttl 1 s to 24 h */
    Lease grantLease(Duration ttl, CallOptions call);

    /** NOT_FOUND: it has ended. */
    Lease keepAlive(long lease, CallOptions call);

    /** Ends a lease with its keys; one that has ended is no error. */
    LeaseResult revoke(long lease, CallOptions call);

    /** Empty: it has ended. */
    Optional<LeaseView> lease(long lease, CallOptions call);

    /** Changes behind a position, or none when the wait is over. COMPACTED with the horizon as its current version. */
    ChangeSet changes(ChangeQuery query, Duration wait);

    /** Follows the changes. */
    default Watch watch(ChangeQuery query) {
        return new Watch(this, query);
    }

    /** Waits until what has this version is committed and applied by the leader. UNAVAILABLE if not within the deadline. */
    AwaitResponse await(long version, CallOptions call);

    /**
     * Committed commands of this volume as they stand in the log, from a version on; 0 = from the oldest.
     *
     * @param limit 1 to 1000
     */
    ReadLogResponse log(long fromVersion, int limit, CallOptions call);

    /** The committed command with exactly this version, if it is one of this volume. */
    Optional<io.moorage.protocol.v1.LoggedCommand> logged(long version, CallOptions call);

    /**
     * A lock among all who ask for one of this name.
     *
     * @param name a key; the lock's own keys are below it
     * @param ttl how long it outlives its holder, 1 s to 24 h
     */
    default Lock lock(String name, Duration ttl) {
        return new Lock(this, keeper(), name, ttl);
    }

    /** An election among all who campaign under this name. */
    default Election election(String name, Duration ttl) {
        return new Election(this, keeper(), name, ttl);
    }

    /** Keeps leases alive for this process. */
    LeaseKeeper keeper();
}
