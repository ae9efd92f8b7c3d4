package io.moorage.api.feed;

import io.moorage.api.http.Exchange;
import io.moorage.api.kv.ChangeJson;
import io.moorage.protocol.v1.Change;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One attempt to hand changes to a receiver: a signed POST that it answers with 2xx when it has them. The signature is the
 * HMAC-SHA-256 (RFC 2104) of "timestamp.body" with the webhook's secret, in hexadecimal; with the timestamp in it, a delivery that
 * is overheard cannot be played again later. Thread-safe.
 */
final class Delivery {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * @param id the same in each attempt of the same delivery
     * @return "" = the receiver has it; otherwise why not
     */
    String attempt(String volume, String name, Webhook webhook, String id, List<Change> changes)
            throws InterruptedException {
        try {
            Map<String, Object> json = body(volume, name, webhook, changes);
            if (json.get("Records") instanceof List<?> events && events.isEmpty()) {
                // None of them is about an object.
                return "";
            }
            byte[] body = Exchange.JSON.writeValueAsBytes(json);
            String timestamp = Long.toString(Instant.now().getEpochSecond());
            HttpRequest request = HttpRequest.newBuilder(URI.create(webhook.url()))
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "moorage-webhook")
                    .header("X-Moorage-Volume", volume)
                    .header("X-Moorage-Webhook", name)
                    .header("X-Moorage-Delivery", id)
                    .header("X-Moorage-Timestamp", timestamp)
                    .header("X-Moorage-Signature", "sha256=" + sign(webhook.secret(), timestamp, body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300 ? "" : "the receiver answered with status " + status;
        } catch (IOException e) {
            return "the receiver was not reached: "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    private static Map<String, Object> body(String volume, String name, Webhook webhook, List<Change> changes) {
        if (webhook.format().equals(Webhook.S3)) {
            return S3EventJson.of(name, changes);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("volume", volume);
        json.put("items", changes.stream().map(ChangeJson::of).toList());
        return json;
    }

    static String sign(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
