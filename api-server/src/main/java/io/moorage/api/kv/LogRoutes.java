package io.moorage.api.kv;

import io.javalin.http.Context;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.kv.Kv;
import io.moorage.protocol.v1.AwaitResponse;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.LoggedCommand;
import io.moorage.protocol.v1.ReadLogResponse;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.Transact;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The replicated log of a volume, at /log/{volume}: who leads, submitting commands, and what was committed. An index is a
 * command's place in the order of all commands; it is the version that its writes got. Indexes grow and are not consecutive: the
 * log may be shared with other volumes.
 */
final class LogRoutes {
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final Keyspaces keyspaces;
    private final Watchers watchers;
    private final LargeBodies bodies;

    LogRoutes(Keyspaces keyspaces, Watchers watchers, LargeBodies bodies) {
        this.keyspaces = keyspaces;
        this.watchers = watchers;
        this.bodies = bodies;
    }

    void members(Exchange exchange) throws IOException {
        VolumeRef volume = keyspaces.ref(exchange.context().pathParam("volume"));
        exchange.json(200, MembersJson.of(volume, keyspaces.plane().nodes()));
    }

    void submit(Exchange exchange) throws IOException {
        Kv kv = kv(exchange);
        bodies.read(exchange, 2 * KeyRoutes.MAX_VALUE_BYTES, body -> {
            CommandJson.Operation operation = Exchange.parse(body, CommandJson.Operation.class);
            Transact transact = operation.toTransact();
            Result result = kv.submit(transact, exchange.callOptions());
            Map<String, Object> answer = KeyRoutes.answer(transact, result);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("index", result.getVersion());
            json.put("succeeded", answer.get("succeeded"));
            json.put("result", ((java.util.List<?>) answer.get("results")).get(0));
            exchange.json(200, json);
        });
    }

    void commands(Exchange exchange) throws IOException {
        Context context = exchange.context();
        Kv kv = kv(exchange);
        String since = Optional.ofNullable(context.header("Last-Event-ID"))
                .filter(id -> !id.isEmpty())
                .or(() -> Optional.ofNullable(context.queryParam("since")))
                .orElse("oldest");
        long from = since.equals("oldest") ? 0 : Exchange.number("since", since, 0, Long.MAX_VALUE - 1) + 1;
        String limit = Optional.ofNullable(context.queryParam("limit")).orElse("100");
        int most = (int) Exchange.number("limit", limit, 1, 1000);
        if (EventStream.isWanted(context)) {
            try (Watchers.Place place = watchers.take()) {
                stream(context, kv, from, most);
            }
            return;
        }
        ReadLogResponse page = kv.log(from, most, exchange.callOptions());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("items", page.getCommandsList().stream().map(LoggedJson::of).toList());
        json.put("next", page.getNextVersion() - 1);
        json.put("more", page.getMore());
        json.put("horizon", page.getHorizon());
        exchange.json(200, json);
    }

    private void stream(Context context, Kv kv, long from, int limit) throws IOException {
        ReadLogResponse page = kv.log(from, limit, CallOptions.DEFAULT);
        EventStream events = new EventStream(context);
        long told = System.nanoTime();
        while (!watchers.isStopping()) {
            for (LoggedCommand command : page.getCommandsList()) {
                events.send("command", Long.toString(command.getVersion()), LoggedJson.of(command));
                told = System.nanoTime();
            }
            if (System.nanoTime() - told > PROGRESS_NANOS) {
                events.send("progress", Long.toString(page.getNextVersion() - 1), Map.of());
                told = System.nanoTime();
            }
            events.flush();
            long next = page.getNextVersion();
            try {
                if (!page.getMore()) {
                    kv.await(next, CallOptions.DEFAULT.withDeadline(Watchers.STEP));
                }
                page = kv.log(next, limit, CallOptions.DEFAULT);
            } catch (MoorageException e) {
                if (e.code() != ErrorCode.ERROR_CODE_UNAVAILABLE) {
                    events.send(
                            "error",
                            Long.toString(next - 1),
                            Problem.of(e).body(context.req().getRequestURI(), ""));
                    events.flush();
                    return;
                }
                // Nothing was committed meanwhile, or nobody leads: the stream goes on where it was.
                page = ReadLogResponse.newBuilder().setNextVersion(next).build();
            }
        }
    }

    void command(Exchange exchange) throws IOException {
        long index = index(exchange);
        LoggedCommand found = kv(exchange)
                .logged(index, exchange.callOptions())
                .orElseThrow(() -> Problem.notFound("no command of this volume was committed at index " + index));
        exchange.json(200, LoggedJson.of(found));
    }

    /** Whether an index is committed, within the wait. */
    void commit(Exchange exchange) throws IOException {
        long index = index(exchange);
        Duration wait = exchange.waitTime().orElse(Duration.ofMillis(200));
        Kv kv = kv(exchange);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", index);
        try (Watchers.Place place = watchers.take()) {
            AwaitResponse reached = kv.await(
                    index,
                    CallOptions.DEFAULT.withDeadline(
                            wait.compareTo(Duration.ofMillis(200)) < 0 ? Duration.ofMillis(200) : wait));
            json.put("committed", true);
            json.put("term", reached.getTerm());
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_UNAVAILABLE) {
                throw e;
            }
            json.put("committed", false);
            json.put("reason", e.getMessage());
        }
        exchange.json(200, json);
    }

    private Kv kv(Exchange exchange) {
        return keyspaces.of(exchange.context().pathParam("volume"));
    }

    private static long index(Exchange exchange) {
        return Exchange.number("index", exchange.context().pathParam("index"), 0, Long.MAX_VALUE);
    }
}
