package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.node.store.kv.Transaction;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.RequestId;
import io.moorage.protocol.v1.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What is known of requests that may be repeated, against a plain model, with restarts. */
class SessionsProperties {
    private static final int CLIENTS = 3;

    @Property(tries = 300)
    void everyRequestIsKnownUntilItIsAcknowledged(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        Random random = new Random(seed);
        MemoryKeyValueStore straightStore = new MemoryKeyValueStore();
        MemoryKeyValueStore restartedStore = new MemoryKeyValueStore();
        Sessions straight = Sessions.load(straightStore);
        Sessions restarted = Sessions.load(restartedStore);
        Map<Integer, Map<Long, Long>> done = new HashMap<>();
        long[] acknowledged = new long[CLIENTS];
        for (long version = 1; version <= 120; version++) {
            int client = random.nextInt(CLIENTS);
            Map<Long, Long> known = done.computeIfAbsent(client, id -> new HashMap<>());
            long sequence = 1 + random.nextInt(40);
            RequestId request = request(client, sequence, Math.max(0, sequence - random.nextInt(12)));
            String expected = sequence < acknowledged[client]
                    ? "unknown"
                    : known.containsKey(sequence) ? "version " + known.get(sequence) : "new";
            assertThat(replay(straight, request)).as("seed %d", seed).isEqualTo(expected);
            assertThat(replay(restarted, request)).as("seed %d", seed).isEqualTo(expected);
            if (expected.equals("new")) {
                remember(straight, straightStore, request, version);
                remember(restarted, restartedStore, request, version);
                known.put(sequence, version);
                acknowledged[client] = Math.max(acknowledged[client], request.getAcknowledgedBelow());
            }
            if (random.nextInt(4) == 0) {
                restarted = Sessions.load(restartedStore);
            }
            assertThat(GroupStoreProperties.dump(restartedStore)).isEqualTo(GroupStoreProperties.dump(straightStore));
        }
    }

    @Example
    void clientThatAsksOneAfterTheOtherHasOneRecord() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        Sessions sessions = Sessions.load(store);
        for (long sequence = 1; sequence <= 100; sequence++) {
            remember(sessions, store, request(1, sequence, sequence), sequence);
        }
        assertThat(GroupStoreProperties.dump(store).get(Family.SESSIONS)).hasSize(1);
    }

    @Example
    void moreResultsThanAreKeptPushOutTheOldest() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        Sessions sessions = withResultsFrom(1, store);
        for (Sessions each : List.of(sessions, Sessions.load(store))) {
            assertThat(replay(each, request(1, 1, 1))).isEqualTo("unknown");
            assertThat(replay(each, request(1, 2, 1))).isEqualTo("version 2");
        }
        assertThat(GroupStoreProperties.dump(store).get(Family.SESSIONS)).hasSize(StoreLimits.MAX_RESULTS_PER_SESSION);
    }

    @Example
    void requestThatComesAfterMoreThanAreKeptIsKeptItself() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        Sessions sessions = withResultsFrom(2, store);
        remember(sessions, store, request(1, 1, 1), 10_000);
        for (Sessions each : List.of(sessions, Sessions.load(store))) {
            assertThat(replay(each, request(1, 1, 1))).isEqualTo("version 10000");
            assertThat(replay(each, request(1, 2, 1))).isEqualTo("version 2");
        }
    }

    @Example
    void theSessionThatWroteLeastLatelyGoesFirstWhetherAReplicaWasRestartedOrNot() {
        MemoryKeyValueStore straightStore = new MemoryKeyValueStore();
        MemoryKeyValueStore restartedStore = new MemoryKeyValueStore();
        Sessions straight = Sessions.load(straightStore);
        Sessions restarted = Sessions.load(restartedStore);
        long version = 1;
        for (int client = 0; client < StoreLimits.MAX_SESSIONS; client++, version++) {
            remember(straight, straightStore, request(client, 1, 1), version);
            remember(restarted, restartedStore, request(client, 1, 1), version);
        }
        // To ask again is not to write: no replica could know of it after a restart.
        assertThat(replay(straight, request(0, 1, 1))).isEqualTo("version 1");
        assertThat(replay(restarted, request(0, 1, 1))).isEqualTo("version 1");
        restarted = Sessions.load(restartedStore);
        RequestId one = request(StoreLimits.MAX_SESSIONS, 1, 1);
        remember(straight, straightStore, one, version);
        remember(restarted, restartedStore, one, version);
        assertThat(replay(straight, request(0, 1, 1))).isEqualTo("new");
        assertThat(replay(straight, request(1, 1, 1))).isEqualTo("version 2");
        assertThat(GroupStoreProperties.dump(restartedStore)).isEqualTo(GroupStoreProperties.dump(straightStore));
    }

    /** Of one client that has acknowledged none, up to one more than are kept. */
    private static Sessions withResultsFrom(long first, MemoryKeyValueStore store) {
        Sessions sessions = Sessions.load(store);
        for (long sequence = first; sequence <= StoreLimits.MAX_RESULTS_PER_SESSION + 1; sequence++) {
            remember(sessions, store, request(1, sequence, 1), sequence);
        }
        return sessions;
    }

    private static void remember(Sessions sessions, MemoryKeyValueStore store, RequestId request, long version) {
        Transaction transaction = new Transaction(store);
        sessions.remember(
                transaction, request, Result.newBuilder().setVersion(version).build(), version);
        store.write(List.of(), transaction.mutations());
    }

    private static String replay(Sessions sessions, RequestId request) {
        try {
            Result result = sessions.replay(request);
            return result == null ? "new" : "version " + result.getVersion();
        } catch (Refusal refusal) {
            assertThat(refusal.failure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_OUTCOME_UNKNOWN);
            return "unknown";
        }
    }

    private static RequestId request(int client, long sequence, long acknowledgedBelow) {
        return RequestId.newBuilder()
                .setClientHigh(7)
                .setClientLow(client)
                .setSequence(sequence)
                .setAcknowledgedBelow(acknowledgedBelow)
                .build();
    }
}
