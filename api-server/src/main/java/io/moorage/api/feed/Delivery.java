package io.moorage.api.feed;

import io.moorage.api.http.Exchange;
import io.moorage.api.kv.ChangeJson;
import io.moorage.protocol.v1.Change;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One attempt to hand changes to a receiver: a signed POST that it answers with 2xx when it has them. The signature is the
 * HMAC-SHA-256 (RFC 2104) of "timestamp.body" with the webhook's secret, in hexadecimal; with the timestamp in it, a delivery that
 * is overheard cannot be played again later. Thread-safe.
 */
final class Delivery implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final int CONNECTIONS = 16;

    private final ReceiverAddresses addresses;
    private final CloseableHttpClient http;
    /** A receiver that answers a byte at a time must not hold a delivery for ever. */
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "webhook-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    Delivery(ReceiverAddresses addresses) {
        this.addresses = addresses;
        Timeout connect = Timeout.ofSeconds(5);
        Timeout silence = Timeout.of(TIMEOUT);
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Judged())
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(silence)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .setResponseTimeout(silence)
                        .build())
                // A receiver must not send us elsewhere.
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("moorage-webhook")
                .build();
    }

    /** The client connects to these addresses and to no others. */
    private final class Judged implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            try {
                return addresses.of(host);
            } catch (ReceiverAddresses.RefusedException e) {
                throw (UnknownHostException) new UnknownHostException(e.getMessage()).initCause(e);
            } catch (UnknownHostException e) {
                throw e;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /**
     * @param id the same in each attempt of the same delivery
     * @return "" = the receiver has it; otherwise why not
     */
    String attempt(String volume, String name, Webhook webhook, String id, List<Change> changes) {
        try {
            Map<String, Object> json = body(volume, name, webhook, changes);
            if (json.get("Records") instanceof List<?> events && events.isEmpty()) {
                // None of them is about an object.
                return "";
            }
            byte[] body = Exchange.JSON.writeValueAsBytes(json);
            String timestamp = Long.toString(Instant.now().getEpochSecond());
            HttpPost request = new HttpPost(URI.create(webhook.url()));
            request.setHeader("X-Moorage-Volume", volume);
            request.setHeader("X-Moorage-Webhook", name);
            request.setHeader("X-Moorage-Delivery", id);
            request.setHeader("X-Moorage-Timestamp", timestamp);
            request.setHeader("X-Moorage-Signature", "sha256=" + sign(webhook.secret(), timestamp, body));
            request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
            ScheduledFuture<?> deadline =
                    deadlines.schedule(request::abort, 2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            // What it says is not read: only whether it has them counts.
            try (ClassicHttpResponse response = http.executeOpen(null, request, null)) {
                int status = response.getCode();
                return status >= 200 && status < 300 ? "" : "the receiver answered with status " + status;
            } finally {
                deadline.cancel(false);
            }
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

    @Override
    public void close() {
        deadlines.shutdownNow();
        http.close(CloseMode.IMMEDIATE);
    }
}
