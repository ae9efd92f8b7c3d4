package io.moorage.node.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.node.store.kv.Transaction;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.RequestId;
import io.moorage.protocol.v1.Result;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Exactly-once for retried requests (Ongaro, "Consensus: Bridging Theory and Practice", 2014, §6.3). Results are kept until the
 * client says that it will not ask again. Sessions are bounded: the one that was silent for the longest stretch of the log
 * goes first, which no clock decides. Mirrored to the store. Only the applying thread touches it.
 */
final class Sessions {
    private record ClientId(long high, long low) {}

    /**
     * Results have slots, and a new one takes the lowest that is free: one record is all that a request writes. Each record tells how far
     * the client had acknowledged when it was written, so that those which are no longer needed are known without being deleted.
     */
    private static final class Session {
        long acknowledgedBelow;
        long lastVersion;
        final TreeMap<Long, Kept> results = new TreeMap<>();
        final BitSet taken = new BitSet();
        /** Slots with a record, needed or not: the first so many. */
        int records;

        void keep(long sequence, int slot, Result result) {
            results.put(sequence, new Kept(slot, result));
            taken.set(slot);
        }

        void forgetBelow(long sequence) {
            acknowledgedBelow = Math.max(acknowledgedBelow, sequence);
            while (!results.isEmpty() && results.firstKey() < acknowledgedBelow) {
                taken.clear(results.pollFirstEntry().getValue().slot());
            }
        }
    }

    private record Kept(int slot, Result result) {}

    /** In order of the last write. */
    private final LinkedHashMap<ClientId, Session> sessions = new LinkedHashMap<>();

    static Sessions load(KeyValueReader store) {
        Map<ClientId, Session> found = new LinkedHashMap<>();
        Session last = new Session();
        try (Cursor cursor = store.range(Family.SESSIONS, new byte[0], Keys.END)) {
            for (; cursor.valid(); cursor.next()) {
                ByteBuffer key = ByteBuffer.wrap(cursor.key());
                Session session =
                        found.computeIfAbsent(new ClientId(key.getLong(), key.getLong()), id -> new Session());
                if (session != last) {
                    last.forgetBelow(last.acknowledgedBelow);
                    last = session;
                }
                ByteBuffer value = ByteBuffer.wrap(cursor.value());
                long sequence = value.getLong();
                session.acknowledgedBelow = Math.max(session.acknowledgedBelow, value.getLong());
                session.lastVersion = Math.max(session.lastVersion, value.getLong());
                int slot = key.getInt();
                session.keep(sequence, slot, Result.parseFrom(value));
                session.records = slot + 1;
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a session's record is damaged: " + e.getMessage());
        }
        last.forgetBelow(last.acknowledgedBelow);
        Sessions sessions = new Sessions();
        found.entrySet().stream()
                .sorted(java.util.Comparator.comparingLong(e -> e.getValue().lastVersion))
                .forEach(e -> sessions.sessions.put(e.getKey(), e.getValue()));
        return sessions;
    }

    /**
     * The result of an earlier attempt, or null: apply it.
     *
     * @throws Refusal OUTCOME_UNKNOWN if it cannot be known whether an earlier attempt was applied
     */
    Result replay(RequestId request) {
        Session session = sessions.get(new ClientId(request.getClientHigh(), request.getClientLow()));
        if (session != null) {
            Kept kept = session.results.get(request.getSequence());
            if (kept != null) {
                return kept.result().toBuilder().setReplayed(true).build();
            }
        }
        boolean forgotten = session == null
                ? request.getAttempt() > 0 && request.getAcknowledgedBelow() > 1
                : request.getSequence() < session.acknowledgedBelow;
        if (forgotten) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_OUTCOME_UNKNOWN,
                    "this request was sent before, and what became of it is no longer known: look at the entry, then decide");
        }
        return null;
    }

    /** Keeps a result until the client acknowledges it. Bulky parts are left out. */
    void remember(Transaction transaction, RequestId request, Result result, long version) {
        ClientId client = new ClientId(request.getClientHigh(), request.getClientLow());
        Session known = sessions.remove(client);
        Session session = known == null ? new Session() : known;
        sessions.put(client, session);
        session.lastVersion = version;
        session.forgetBelow(Math.min(request.getAcknowledgedBelow(), request.getSequence()));
        if (session.results.size() >= StoreLimits.MAX_RESULTS_PER_SESSION) {
            session.forgetBelow(Math.min(session.results.firstKey() + 1, request.getSequence()));
        }
        Result kept = KeptResults.of(result);
        int slot = session.taken.nextClearBit(0);
        session.keep(request.getSequence(), slot, kept);
        session.records = Math.max(session.records, slot + 1);
        transaction.put(
                Family.SESSIONS,
                Keys.session(client.high, client.low, slot),
                record(request.getSequence(), session.acknowledgedBelow, version, kept));
        evict(transaction);
    }

    private void evict(Transaction transaction) {
        while (sessions.size() > StoreLimits.MAX_SESSIONS) {
            Map.Entry<ClientId, Session> eldest = sessions.entrySet().iterator().next();
            ClientId client = eldest.getKey();
            for (int slot = 0; slot < eldest.getValue().records; slot++) {
                transaction.delete(Family.SESSIONS, Keys.session(client.high, client.low, slot));
            }
            sessions.remove(client);
        }
    }

    private static byte[] record(long sequence, long acknowledgedBelow, long version, Result result) {
        byte[] bytes = result.toByteArray();
        return ByteBuffer.allocate(24 + bytes.length)
                .putLong(sequence)
                .putLong(acknowledgedBelow)
                .putLong(version)
                .put(bytes)
                .array();
    }
}
