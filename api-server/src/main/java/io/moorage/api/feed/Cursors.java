package io.moorage.api.feed;

import io.javalin.http.Context;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.kv.ChangeJson;
import io.moorage.api.kv.Keyspaces;
import io.moorage.api.kv.Watchers;
import io.moorage.client.VolumeRef;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.Position;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Named positions in a volume's changes that outlive their readers, at /changes/{volume}/cursors. A reader asks for what comes
 * next, and moves the cursor when it is done with that: what it did not move past is told again.
 */
final class Cursors {
    private static final String KIND = "cursors";

    /**
     * @param position as text; null = before the oldest change
     * @param prefix of keys
     */
    record Cursor(String position, String prefix) {}

    /** @param since oldest, now, or a position */
    record NewCursor(String since, String prefix) {}

    /** @param position the `next` of the page that is done; from the one that the cursor had when it was read */
    record Move(String position, String from) {}

    private final Keyspaces keyspaces;
    private final Watchers watchers;
    private final FeedRecords records;

    Cursors(Keyspaces keyspaces, Watchers watchers, FeedRecords records) {
        this.watchers = watchers;
        this.keyspaces = keyspaces;
        this.records = records;
    }

    void list(Exchange exchange) throws IOException {
        String prefix = FeedRecords.prefix(volume(exchange), KIND);
        exchange.json(
                200,
                Map.of(
                        "items",
                        records.list(prefix, Cursor.class).stream()
                                .map(stored -> json(stored.key().substring(prefix.length()), stored.value()))
                                .toList()));
    }

    void put(Exchange exchange) throws IOException {
        VolumeRef volume = volume(exchange);
        NewCursor request = exchange.body(NewCursor.class);
        Optional<Position> position =
                ChangeJson.since(request.since() == null ? "now" : request.since(), keyspaces.of(volume.name()));
        Cursor cursor = new Cursor(
                position.map(Position::toString).orElse(null), request.prefix() == null ? "" : request.prefix());
        if (!records.put(key(exchange, volume), cursor, 0, null)) {
            throw new Problem(
                    409, "already-exists", "there is a cursor of this name already; move it, or delete it first");
        }
        exchange.json(201, json(name(exchange), cursor));
    }

    void get(Exchange exchange) throws IOException {
        exchange.json(200, json(name(exchange), find(exchange).value()));
    }

    /** What comes behind the cursor; it stays where it is. */
    void next(Exchange exchange) throws IOException {
        Context context = exchange.context();
        Cursor cursor = find(exchange).value();
        Kv kv = keyspaces.of(context.pathParam("volume"));
        String limit = Optional.ofNullable(context.queryParam("limit")).orElse("100");
        ChangeSet set = watchers.await(
                kv,
                new ChangeQuery(
                        Optional.ofNullable(cursor.position()).map(Position::parse),
                        cursor.prefix(),
                        (int) Exchange.number("limit", limit, 1, 1000),
                        exchange.flag("keysOnly")),
                exchange.waitTime().orElse(java.time.Duration.ZERO));
        Map<String, Object> json = ChangeJson.page(set);
        json.put("position", cursor.position());
        exchange.json(200, json);
    }

    /** Only from where the reader found it: of two readers of one cursor, one is told that the other was faster. */
    void move(Exchange exchange) throws IOException {
        FeedRecords.Stored<Cursor> found = find(exchange);
        Move move = exchange.body(Move.class);
        if (move.position() == null) {
            throw Problem.invalid("'position' is missing: the 'next' of the page that is done");
        }
        Position to = ChangeJson.position(move.position());
        boolean elsewhere =
                move.from() != null && !move.from().equals(found.value().position());
        Cursor moved = new Cursor(to.toString(), found.value().prefix());
        if (elsewhere || !records.put(found.key(), moved, found.version(), null)) {
            throw new Problem(409, "conflict", "somebody else moved the cursor meanwhile; ask for what is next again");
        }
        exchange.json(200, json(name(exchange), moved));
    }

    void delete(Exchange exchange) throws IOException {
        if (!records.delete(key(exchange, volume(exchange)))) {
            throw missing(exchange);
        }
        exchange.context().status(204);
    }

    private FeedRecords.Stored<Cursor> find(Exchange exchange) {
        return records.get(key(exchange, volume(exchange)), Cursor.class).orElseThrow(() -> missing(exchange));
    }

    private static Problem missing(Exchange exchange) {
        return Problem.notFound("there is no cursor '" + exchange.context().pathParam("name") + "'");
    }

    private VolumeRef volume(Exchange exchange) {
        return keyspaces.ref(exchange.context().pathParam("volume"));
    }

    private static String name(Exchange exchange) {
        return FeedNames.check(exchange.context().pathParam("name"));
    }

    private static String key(Exchange exchange, VolumeRef volume) {
        return FeedRecords.prefix(volume, KIND) + name(exchange);
    }

    private static Map<String, Object> json(String name, Cursor cursor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("position", cursor.position());
        json.put("prefix", cursor.prefix());
        return json;
    }
}
