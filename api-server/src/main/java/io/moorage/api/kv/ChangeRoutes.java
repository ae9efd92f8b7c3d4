package io.moorage.api.kv;

import io.javalin.http.Context;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Kv;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The changes of a volume, at /changes/{volume}: a page, a page when there is something (wait), or a stream of events. */
final class ChangeRoutes {
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
        exchange.json(200, ChangeJson.page(watchers.await(kv, query, wait)));
    }

    private void stream(Context context, Kv kv, ChangeQuery query) throws IOException {
        // The first look comes before the answer begins, so that what is wrong can still be said by its status.
        ChangeSet set = kv.changes(query, Duration.ZERO);
        EventStream events = new EventStream(context);
        long told = System.nanoTime();
        while (true) {
            for (Change change : set.changes()) {
                Map<String, Object> json = ChangeJson.of(change);
                events.send(ChangeJson.kind(change.getKind()), (String) json.get("id"), json);
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
                set = kv.changes(query.from(set.next()), Watchers.STEP);
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

    private static ChangeQuery query(Exchange exchange, Kv kv) {
        Context context = exchange.context();
        String since = Optional.ofNullable(context.header("Last-Event-ID"))
                .filter(id -> !id.isEmpty())
                .or(() -> Optional.ofNullable(context.queryParam("since")))
                .orElse("now");
        String limit = Optional.ofNullable(context.queryParam("limit")).orElse("500");
        return new ChangeQuery(
                ChangeJson.since(since, kv),
                Optional.ofNullable(context.queryParam("prefix")).orElse(""),
                (int) Exchange.number("limit", limit, 1, 1000),
                exchange.flag("keysOnly"));
    }
}
