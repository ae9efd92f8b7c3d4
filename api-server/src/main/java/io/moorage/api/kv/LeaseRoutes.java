package io.moorage.api.kv;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.kv.LeaseView;
import io.moorage.protocol.v1.LeaseResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Leases, at /leases/{volume}. */
final class LeaseRoutes {
    private final Keyspaces keyspaces;

    LeaseRoutes(Keyspaces keyspaces) {
        this.keyspaces = keyspaces;
    }

    /** @param ttlMs 1000 to 86400000 */
    record NewLease(Long ttlMs) {}

    void grant(Exchange exchange) throws IOException {
        NewLease request = exchange.body(NewLease.class);
        if (request.ttlMs() == null) {
            throw Problem.invalid("'ttlMs' is missing: the lease's time to live, 1000 to 86400000");
        }
        String volume = exchange.context().pathParam("volume");
        Map<String, Object> json =
                KvJson.of(keyspaces.of(volume).grantLease(Duration.ofMillis(request.ttlMs()), exchange.callOptions()));
        exchange.context().header("Location", "/leases/" + volume + "/" + json.get("lease"));
        exchange.json(201, json);
    }

    void get(Exchange exchange) throws IOException {
        LeaseView found = keyspaces
                .of(exchange.context().pathParam("volume"))
                .lease(id(exchange), exchange.callOptions())
                .orElseThrow(() -> Problem.notFound("there is no lease " + id(exchange) + "; it has ended"));
        Map<String, Object> json = KvJson.of(found.lease());
        json.put("keys", found.keys());
        exchange.json(200, json);
    }

    void keepAlive(Exchange exchange) throws IOException {
        exchange.json(
                200,
                KvJson.of(keyspaces
                        .of(exchange.context().pathParam("volume"))
                        .keepAlive(id(exchange), exchange.callOptions())));
    }

    void revoke(Exchange exchange) throws IOException {
        LeaseResult result =
                keyspaces.of(exchange.context().pathParam("volume")).revoke(id(exchange), exchange.callOptions());
        exchange.json(200, Map.of("existed", result.hasLease(), "deleted", result.getDeleted()));
    }

    private static long id(Exchange exchange) {
        return Exchange.number("lease", exchange.context().pathParam("lease"), 1, Long.MAX_VALUE);
    }
}
