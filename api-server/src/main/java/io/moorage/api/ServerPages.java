package io.moorage.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;

/** What the server says of itself: its first page, version, OpenAPI document and metrics. */
final class ServerPages {
    static final String VERSION = version();

    private ServerPages() {}

    static void register(Routes routes, PrometheusMeterRegistry registry) {
        routes.get("/", exchange -> resource(exchange, "/index.html", "text/html; charset=utf-8"))
                .get("/openapi", exchange -> resource(exchange, "/openapi.yaml", "application/yaml"))
                .get("/version", exchange -> exchange.json(200, Map.of("version", VERSION)))
                .get(
                        "/storage/metrics",
                        exchange -> exchange.context()
                                .contentType("text/plain; version=0.0.4")
                                .result(registry.scrape()));
    }

    private static void resource(Exchange exchange, String name, String type) throws IOException {
        try (InputStream in = ServerPages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw Problem.notFound(name + " is not part of this build");
            }
            exchange.context().contentType(type).result(in.readAllBytes());
        }
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = ServerPages.class.getResourceAsStream("/moorage-api-version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // A program that cannot say its version still works.
        }
        return properties.getProperty("version", "unknown");
    }
}
