package io.moorage.api.kv;

import io.javalin.http.Context;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.Position;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The changes of a volume, at /changes/{volume}: a page, a page when there is something (wait), or a stream of events. */
final class ChangeRoutes {
    /** One question to the nodes waits no longer, so that a server that stops is not held up. */
    private static final Duration STEP = Duration.ofSeconds(2);

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final Keyspaces keyspaces;
    private final Watchers watchers;

    ChangeRoutes(Keyspaces keyspaces, Watchers watchers) {
        this.keyspaces = keyspaces;
        this.watchers = watchers;
    }

    void get(Exchange exchange) throws IOException {
        Context context = exchange.context();
        Kv kv = keyspaces.of(context.pathParam("volume"));
        ChangeQuery query = query(exchange, kv);
        if (EventStream.isWanted(context)) {
            try (Watchers.Place place = watchers.take()) {
                stream(context, kv, query);
            }
            return;
        }
        Duration wait = exchange.waitTime().orElse(Duration.ZERO);
        if (wait.isZero()) {
            exchange.json(200, page(kv.changes(query, wait)));
            return;
        }
        try (Watchers.Place place = watchers.take()) {
            exchange.json(200, page(await(kv, query, wait)));
        }
    }

    private ChangeSet await(Kv kv, ChangeQuery query, Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        ChangeQuery next = query;
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
            ChangeSet set = kv.changes(next, left.compareTo(STEP) < 0 ? left : STEP);
            if (!set.changes().isEmpty() || left.compareTo(STEP) <= 0 || watchers.isStopping()) {
                return set;
            }
            next = next.from(set.next());
        }
    }

    private void stream(Context context, Kv kv, ChangeQuery query) throws IOException {
        // The first look comes before the answer begins, so that what is wrong can still be said by its status.
        ChangeSet set = kv.changes(query, Duration.ZERO);
        EventStream events = new EventStream(context);
        long told = System.nanoTime();
        while (true) {
            for (Change change : set.changes()) {
                Map<String, Object> json = KvJson.of(change);
                events.send(KvJson.kind(change.getKind()), (String) json.get("id"), json);
            }
            // Tells a client whose filter matches nothing where to go on, and this server that the client is still
            // there.
            if (set.changes().isEmpty() && System.nanoTime() - told > PROGRESS_NANOS) {
                events.send("progress", set.next().toString(), Map.of());
                told = System.nanoTime();
            } else if (!set.changes().isEmpty()) {
                told = System.nanoTime();
            }
            events.flush();
            if (watchers.isStopping()) {
                return;
            }
            try {
                set = kv.changes(query.from(set.next()), STEP);
            } catch (MoorageException e) {
                if (e.code() != ErrorCode.ERROR_CODE_UNAVAILABLE) {
                    events.send(
                            "error",
                            set.next().toString(),
                            Problem.of(e).body(context.req().getRequestURI(), ""));
                    events.flush();
                    return;
                }
                // No replica answers at the moment: the stream goes on where it was.
                events.flush();
            }
        }
    }

    private static Map<String, Object> page(ChangeSet set) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("items", set.changes().stream().map(KvJson::of).toList());
        json.put("next", set.next().toString());
        json.put("more", set.more());
        json.put("horizon", Long.toString(set.feed().getHorizon()));
        return json;
    }

    private static ChangeQuery query(Exchange exchange, Kv kv) {
        Context context = exchange.context();
        String since = Optional.ofNullable(context.header("Last-Event-ID"))
                .filter(id -> !id.isEmpty())
                .or(() -> Optional.ofNullable(context.queryParam("since")))
                .orElse("now");
        String limit = Optional.ofNullable(context.queryParam("limit")).orElse("500");
        return new ChangeQuery(
                since(since, kv),
                Optional.ofNullable(context.queryParam("prefix")).orElse(""),
                (int) Exchange.number("limit", limit, 1, 1000),
                exchange.flag("keysOnly"));
    }

    /** "oldest", "now", or a position. */
    static Optional<Position> since(String since, Kv kv) {
        switch (since) {
            case "oldest":
                return Optional.empty();
            case "now":
                return Optional.of(
                        Position.after(kv.await(0, CallOptions.DEFAULT).getAppliedVersion()));
            default:
                try {
                    return Optional.of(Position.parse(since));
                } catch (IllegalArgumentException e) {
                    throw Problem.invalid("since '" + since
                            + "' must be oldest, now, a version, or the id of a change (such as 8192-0)");
                }
        }
    }
}
