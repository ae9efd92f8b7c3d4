package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.moorage.api.ApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cursors and webhooks of two API servers in front of one cluster. */
class FeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String SECRET = "a secret of some length";

    @TempDir
    static Path directory;

    private static RestCluster cluster;
    private static ApiServer first;
    private static ApiServer second;
    private static String base;

    @BeforeAll
    static void start() throws Exception {
        cluster = new RestCluster(directory, RestCluster.LIMITS);
        first = cluster.server;
        second = RestCluster.server(cluster.kubernetes, cluster.plane, cluster.client, RestCluster.LIMITS);
        base = "http://127.0.0.1:" + first.port();
        send("POST", "/storage/volumes", "{\"name\":\"v\"}");
        send("POST", "/storage/volumes", "{\"name\":\"w\"}");
    }

    @AfterAll
    static void stop() {
        second.close();
        cluster.close();
    }

    @Test
    void cursorTellsAgainWhatItWasNotMovedPast() throws Exception {
        assertThat(send("PUT", "/changes/v/cursors/c", "{\"prefix\":\"k/\"}").statusCode())
                .isEqualTo(201);
        assertThat(send("PUT", "/changes/v/cursors/c", "{}").statusCode()).isEqualTo(409);
        for (String key : List.of("k/1", "other", "k/2", "k/3")) {
            send("PUT", "/kv/v/" + key, key);
        }
        JsonNode page = json(send("GET", "/changes/v/cursors/c/next?limit=2", null));
        assertThat(page.path("items").findValuesAsText("key")).containsExactly("k/1", "k/2");
        assertThat(json(send("GET", "/changes/v/cursors/c/next?limit=2", null)).path("items"))
                .isEqualTo(page.path("items"));
        String move = JSON.createObjectNode()
                .put("position", page.path("next").asText())
                .put("from", page.path("position").asText())
                .toString();
        assertThat(send("POST", "/changes/v/cursors/c", move).statusCode()).isEqualTo(200);
        assertThat(send("POST", "/changes/v/cursors/c", move).statusCode()).isEqualTo(409);
        assertThat(json(send("GET", "/changes/v/cursors/c/next", null))
                        .path("items")
                        .findValuesAsText("key"))
                .containsExactly("k/3");
        assertThat(json(send("GET", "/changes/v/cursors", null)).path("items")).hasSize(1);
        assertThat(send("DELETE", "/changes/v/cursors/c", null).statusCode()).isEqualTo(204);
        assertThat(send("GET", "/changes/v/cursors/c", null).statusCode()).isEqualTo(404);
    }

    /** Failed attempts and the death of the server that delivers lose nothing, and each delivery is signed. */
    @Test
    void webhookGetsEverythingInOrderThoughItFailsAndItsServerStops() throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        List<String> forged = new CopyOnWriteArrayList<>();
        AtomicInteger refusals = new AtomicInteger(2);
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String expected = sign(exchange.getRequestHeaders().getFirst("X-Moorage-Timestamp"), body);
            if (!expected.equals(exchange.getRequestHeaders().getFirst("X-Moorage-Signature"))) {
                forged.add(expected);
            }
            boolean taken = refusals.getAndDecrement() <= 0;
            if (taken) {
                JSON.readTree(body)
                        .path("Records")
                        .forEach(record -> keys.add(record.path("eventName").asText() + " "
                                + record.path("s3").path("bucket").path("name").asText() + " "
                                + record.path("s3").path("object").path("key").asText()));
            }
            exchange.sendResponseHeaders(taken ? 204 : 500, -1);
            exchange.close();
        });
        receiver.start();
        try {
            String hook = JSON.createObjectNode()
                    .put("url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook")
                    .put("secret", SECRET)
                    .put("format", "s3")
                    .toString();
            assertThat(send("PUT", "/changes/w/webhooks/h", "{\"url\":\"ftp://x\",\"secret\":\"" + SECRET + "\"}")
                            .statusCode())
                    .isEqualTo(400);
            String metadata = "{\"url\":\"http://169.254.169.254/latest\",\"secret\":\"" + SECRET + "\"}";
            assertThat(new String(send("PUT", "/changes/w/webhooks/h", metadata).body(), StandardCharsets.UTF_8))
                    .contains("webhooks.allow");
            assertThat(send("PUT", "/changes/w/webhooks/h", hook).statusCode()).isEqualTo(201);
            send("PUT", "/storage/volumes/w/files/photos/a%20b", "x");
            send("PUT", "/storage/volumes/w/files/in-no-bucket", "x");
            await().atMost(Duration.ofSeconds(40)).until(() -> keys.size() == 1);
            send("POST", "/storage/volumes/w/files/photos/a%20b?op=move&to=photos/c", null);
            first.close();
            base = "http://127.0.0.1:" + second.port();
            send("DELETE", "/kv/w/photos/c", null);
            await().atMost(Duration.ofSeconds(60)).until(() -> keys.contains("ObjectRemoved:Delete photos c"));
            assertThat(keys.stream().distinct())
                    .containsExactly(
                            "ObjectCreated:Put photos a+b",
                            "ObjectRemoved:Delete photos a+b",
                            "ObjectCreated:Copy photos c",
                            "ObjectRemoved:Delete photos c");
            assertThat(forged).isEmpty();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> json(send("GET", "/changes/w/webhooks/h", null))
                                    .path("delivered")
                                    .asInt()
                            >= 5);
            JsonNode shown =
                    json(send("GET", "/changes/w/webhooks", null)).path("items").get(0);
            assertThat(shown.toString()).doesNotContain(SECRET);
            assertThat(send("DELETE", "/changes/w/webhooks/h", null).statusCode())
                    .isEqualTo(204);
        } finally {
            receiver.stop(0);
        }
    }

    private static String sign(String timestamp, byte[] body) throws IOException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static HttpResponse<byte[]> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }
}
