package io.moorage.api.kv;

import com.google.protobuf.ByteString;
import io.javalin.http.Context;
import io.moorage.api.files.Conditions;
import io.moorage.api.files.EncryptedEntries;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPage;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Operations;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.Transact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys and transactions, at /kv/{volume}. */
final class KeyRoutes {
    static final int MAX_VALUE_BYTES = 1 << 20;
    /** Values take a third more in base64. */
    static final int MAX_JSON_BYTES = 6 << 20;

    private final Keyspaces keyspaces;
    private final LargeBodies bodies;

    KeyRoutes(Keyspaces keyspaces, LargeBodies bodies) {
        this.keyspaces = keyspaces;
        this.bodies = bodies;
    }

    void get(Exchange exchange) throws IOException {
        Context context = exchange.context();
        KvPath path = KvPath.of(context, "kv");
        if (path.key().isEmpty()) {
            range(exchange, path);
            return;
        }
        KeyValue found = keyspaces
                .of(path.volume())
                .get(path.key(), exchange.callOptions())
                .orElseThrow(() -> missing(path));
        Entry entry = found.getEntry();
        EncryptedEntries.refuse(entry);
        context.header("ETag", etag(entry.getVersion()));
        context.header("X-Moorage-Version", Long.toString(entry.getVersion()));
        if (entry.getLeaseId() != 0) {
            context.header("X-Moorage-Lease", Long.toString(entry.getLeaseId()));
        }
        if (Optional.ofNullable(context.header("Accept")).orElse("").startsWith("application/json")) {
            exchange.json(200, KvJson.of(found, true));
            return;
        }
        context.contentType(entry.getContentType().isEmpty() ? "application/octet-stream" : entry.getContentType());
        context.result(found.getValue().toByteArray());
    }

    void put(Exchange exchange) throws IOException {
        Context context = exchange.context();
        KvPath path = KvPath.of(context, "kv");
        String key = path.requireKey();
        Kv kv = keyspaces.of(path.volume());
        KvPutOptions options = new KvPutOptions(
                Optional.ofNullable(context.header("Content-Type")).orElse(""), lease(exchange), true);
        bodies.read(exchange, MAX_VALUE_BYTES, body -> {
            KvOperation put = Operations.put(key, ByteString.copyFrom(body), options);
            KvResult result = conditional(exchange, kv, key, put);
            context.header("ETag", etag(result.getEntry().getEntry().getVersion()));
            exchange.json(result.getExisted() ? 200 : 201, KvJson.put(key, result));
        });
    }

    void delete(Exchange exchange) throws IOException {
        KvPath path = KvPath.of(exchange.context(), "kv");
        String key = path.requireKey();
        KvResult result = conditional(exchange, keyspaces.of(path.volume()), key, Operations.delete(key));
        exchange.json(200, KvJson.deleted(key, result));
    }

    /** Conditions are decided where the write is, in one step with it. */
    private static KvResult conditional(Exchange exchange, Kv kv, String key, KvOperation write) {
        Optional<Compare> condition = condition(exchange.context(), key);
        Transact.Builder transact = Transact.newBuilder().addSuccess(write);
        condition.ifPresent(compare -> transact.addCompare(compare).addOtherwise(Operations.get(key)));
        Result result = kv.submit(transact.build(), exchange.callOptions());
        KvResult only = result.getTransact().getResults(0);
        if (!result.getTransact().getSucceeded()) {
            long version = only.getEntry().getEntry().getVersion();
            throw new Problem(
                            412,
                            "precondition-failed",
                            version == 0 ? "there is no '" + key + "'" : "'" + key + "' has version " + version)
                    .with("currentVersion", Long.toString(version));
        }
        return only;
    }

    private static Optional<Compare> condition(Context context, String key) {
        Precondition condition = Conditions.ofWrite(context);
        if (condition.equals(Precondition.getDefaultInstance())) {
            return Optional.empty();
        }
        if (condition.getVersionNoneOfCount() > 0 || condition.getVersionAnyOfCount() > 1) {
            throw Problem.invalid("of a key, If-Match may name one version or *, and If-None-Match only *");
        }
        if (condition.getVersionAnyOfCount() == 1) {
            return Optional.of(Comparisons.version(key, condition.getVersionAnyOf(0)));
        }
        return Optional.of(condition.getMustNotExist() ? Comparisons.absent(key) : Comparisons.present(key));
    }

    void post(Exchange exchange) throws IOException {
        KvPath path = KvPath.of(exchange.context(), "kv");
        Kv kv = keyspaces.of(path.volume());
        String operation =
                Optional.ofNullable(exchange.context().queryParam("op")).orElse("");
        if (path.key().isEmpty()) {
            if (!operation.equals("txn")) {
                throw Problem.invalid("op '" + operation + "' must be txn; of a key, cas or increment");
            }
            bodies.read(exchange, MAX_JSON_BYTES, body -> transact(exchange, kv, body));
            return;
        }
        switch (operation) {
            case "cas" -> bodies.read(exchange, 2 * MAX_VALUE_BYTES, body -> compareAndSwap(exchange, kv, path, body));
            case "increment" -> increment(exchange, kv, path.key());
            default -> throw Problem.invalid("op '" + operation + "' must be cas or increment; of a volume, txn");
        }
    }

    private static void compareAndSwap(Exchange exchange, Kv kv, KvPath path, byte[] body) throws IOException {
        CommandJson.Operation request =
                Exchange.parse(body, CommandJson.Operation.class).withKey(path.key());
        var cas = kv.compareAndSwap(request.expected(), request.newValue(), request.options(), exchange.callOptions());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("swapped", cas.swapped());
        json.put("version", Long.toString(cas.version()));
        cas.current().ifPresent(current -> json.put("current", KvJson.of(current, true)));
        exchange.json(200, json);
    }

    private static void increment(Exchange exchange, Kv kv, String key) throws IOException {
        String by = Optional.ofNullable(exchange.context().queryParam("by")).orElse("1");
        long amount = Exchange.number("by", by, Long.MIN_VALUE, Long.MAX_VALUE);
        Result result = kv.submit(
                Transact.newBuilder()
                        .addSuccess(Operations.increment(key, amount))
                        .build(),
                exchange.callOptions());
        exchange.json(200, KvJson.incremented(key, result.getTransact().getResults(0)));
    }

    private static void transact(Exchange exchange, Kv kv, byte[] body) throws IOException {
        Transact transact = Exchange.parse(body, CommandJson.Transaction.class).toTransact();
        Result result = kv.submit(transact, exchange.callOptions());
        exchange.json(200, answer(transact, result));
    }

    /** What a transaction did. */
    static Map<String, Object> answer(Transact transact, Result result) {
        boolean succeeded = result.getTransact().getSucceeded();
        List<KvOperation> operations = succeeded ? transact.getSuccessList() : transact.getOtherwiseList();
        List<Map<String, Object>> results = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            results.add(KvJson.of(operations.get(i), result.getTransact().getResults(i)));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("succeeded", succeeded);
        json.put("version", Long.toString(result.getVersion()));
        json.put("results", results);
        return json;
    }

    private void range(Exchange exchange, KvPath path) throws IOException {
        Context context = exchange.context();
        boolean keysOnly = exchange.flag("keysOnly");
        String limit = Optional.ofNullable(context.queryParam("limit")).orElse("100");
        KvPage page = keyspaces
                .of(path.volume())
                .range(
                        Optional.ofNullable(context.queryParam("prefix")).orElse(""),
                        Optional.ofNullable(context.queryParam("startAfter")).orElse(""),
                        (int) Exchange.number("limit", limit, 1, 1000),
                        keysOnly,
                        exchange.callOptions());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "items",
                page.entries().stream().map(e -> KvJson.of(e, !keysOnly)).toList());
        json.put("truncated", page.truncated());
        json.put("next", page.next());
        exchange.json(200, json);
    }

    private static long lease(Exchange exchange) {
        String lease = exchange.context().queryParam("lease");
        return lease == null ? 0 : Exchange.number("lease", lease, 1, Long.MAX_VALUE);
    }

    private static String etag(long version) {
        return "\"" + version + "\"";
    }

    private static Problem missing(KvPath path) {
        return Problem.notFound("there is no '" + path.key() + "' in volume '" + path.volume() + "'");
    }
}
