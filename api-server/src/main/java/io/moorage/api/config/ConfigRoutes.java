package io.moorage.api.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/** What this server was told, and what of it may change while it runs, at /storage/config. */
public final class ConfigRoutes {
    private static final List<String> CHANGEABLE = List.of("log.level", "log.access");

    private final ApiConfig config;
    private final AtomicBoolean accessLog;

    private ConfigRoutes(ApiConfig config, AtomicBoolean accessLog) {
        this.config = config;
        this.accessLog = accessLog;
    }

    public static void register(Routes routes, ApiConfig config, AtomicBoolean accessLog) {
        ConfigRoutes configRoutes = new ConfigRoutes(config, accessLog);
        routes.get("/storage/config", configRoutes::show).patch("/storage/config", configRoutes::change);
    }

    private void show(Exchange exchange) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("server.host", config.server().host());
        json.put("server.port", config.server().port());
        json.put("server.shutdown-seconds", config.server().shutdownSeconds());
        json.put("metrics.host", config.metrics().host());
        json.put("metrics.port", config.metrics().port());
        json.put("kubernetes.cluster", config.kubernetes().cluster());
        json.put("kubernetes.namespace", config.kubernetes().namespace());
        json.put("kubernetes.server", config.kubernetes().server());
        json.put("limits.concurrent-requests", config.limits().concurrentRequests());
        json.put("limits.concurrent-uploads", config.limits().concurrentUploads());
        json.put("limits.min-bytes-per-second", config.limits().minBytesPerSecond());
        json.put("limits.idle-seconds", config.limits().idleSeconds());
        json.put("s3.host", config.s3().host());
        json.put("s3.port", config.s3().port());
        json.put("s3.region", config.s3().region());
        json.put("s3.default-volume", config.s3().defaultVolume());
        json.put("s3.domains", config.s3().domains());
        json.put("s3.day-seconds", config.s3().daySeconds());
        json.put("s3.encryption-keys-file", config.s3().encryptionKeysFile());
        json.put("log.level", root().getLevel().toString());
        json.put("log.access", accessLog.get());
        exchange.json(200, Map.of("values", json, "changeable", CHANGEABLE));
    }

    /** All or nothing: every value is looked at before any is taken. */
    @SuppressWarnings("unchecked")
    private void change(Exchange exchange) throws IOException {
        Map<String, Object> wanted = exchange.body(Map.class);
        wanted.forEach((key, value) -> {
            switch (key) {
                case "log.level" -> {
                    if (!List.of("ERROR", "WARN", "INFO", "DEBUG").contains(value)) {
                        throw Problem.invalid("log.level '" + value + "' must be ERROR, WARN, INFO or DEBUG");
                    }
                }
                case "log.access" -> {
                    if (!(value instanceof Boolean)) {
                        throw Problem.invalid("log.access '" + value + "' must be true or false");
                    }
                }
                default ->
                    throw new Problem(
                            409,
                            "not-changeable",
                            "'" + key + "' cannot change while the server runs; those that can are " + CHANGEABLE
                                    + ". Change it in the file and restart");
            }
        });
        if (wanted.containsKey("log.level")) {
            root().setLevel(Level.toLevel((String) wanted.get("log.level")));
        }
        if (wanted.containsKey("log.access")) {
            accessLog.set((Boolean) wanted.get("log.access"));
        }
        show(exchange);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
