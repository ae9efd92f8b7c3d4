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
import java.util.Arrays;
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

    private static final class Session {
        long acknowledgedBelow;
        long lastVersion;
        final TreeMap<Long, Result> results = new TreeMap<>();
    }

    /** In order of last use. */
    private final LinkedHashMap<ClientId, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    static Sessions load(KeyValueReader store) {
        Map<ClientId, Session> found = new LinkedHashMap<>();
        byte[] end = new byte[25];
        Arrays.fill(end, (byte) 0xff);
        try (Cursor cursor = store.range(Family.SESSIONS, new byte[0], end)) {
            for (; cursor.valid(); cursor.next()) {
                ByteBuffer key = ByteBuffer.wrap(cursor.key());
                Session session =
                        found.computeIfAbsent(new ClientId(key.getLong(), key.getLong()), id -> new Session());
                long sequence = key.getLong();
                if (sequence == 0) {
                    ByteBuffer value = ByteBuffer.wrap(cursor.value());
                    session.acknowledgedBelow = value.getLong();
                    session.lastVersion = value.getLong();
                } else {
                    session.results.put(sequence, Result.parseFrom(cursor.value()));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a session's record is damaged: " + e.getMessage());
        }
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
            Result result = session.results.get(request.getSequence());
            if (result != null) {
                return result.toBuilder().setReplayed(true).build();
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
        Session session = sessions.computeIfAbsent(client, id -> new Session());
        session.lastVersion = version;
        while (!session.results.isEmpty() && session.results.firstKey() < request.getAcknowledgedBelow()) {
            forget(transaction, client, session.results.pollFirstEntry().getKey());
        }
        if (session.results.size() >= StoreLimits.MAX_RESULTS_PER_SESSION) {
            long oldest = session.results.pollFirstEntry().getKey();
            forget(transaction, client, oldest);
            session.acknowledgedBelow = Math.max(session.acknowledgedBelow, oldest + 1);
        }
        session.acknowledgedBelow = Math.max(session.acknowledgedBelow, request.getAcknowledgedBelow());
        Result kept = KeptResults.of(result);
        session.results.put(request.getSequence(), kept);
        transaction.put(
                Family.SESSIONS, Keys.session(client.high, client.low, request.getSequence()), kept.toByteArray());
        transaction.put(
                Family.SESSIONS,
                Keys.session(client.high, client.low, 0),
                ByteBuffer.allocate(16)
                        .putLong(session.acknowledgedBelow)
                        .putLong(version)
                        .array());
        evict(transaction);
    }

    private void evict(Transaction transaction) {
        while (sessions.size() > StoreLimits.MAX_SESSIONS) {
            Map.Entry<ClientId, Session> eldest = sessions.entrySet().iterator().next();
            ClientId client = eldest.getKey();
            eldest.getValue().results.keySet().forEach(sequence -> forget(transaction, client, sequence));
            forget(transaction, client, 0);
            sessions.remove(client);
        }
    }

    private static void forget(Transaction transaction, ClientId client, long sequence) {
        transaction.delete(Family.SESSIONS, Keys.session(client.high, client.low, sequence));
    }
}
