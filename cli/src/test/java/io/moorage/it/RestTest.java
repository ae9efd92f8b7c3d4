package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.moorage.api.ApiServer;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST API of a real server in front of a real cluster. */
class RestTest {
    private static final int CONCURRENT_REQUESTS = 16;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path directory;

    private static RestCluster cluster;
    private static ApiServer server;
    private static String base;

    @BeforeAll
    static void start() throws Exception {
        cluster = new RestCluster(directory, new ApiConfig.Limits(CONCURRENT_REQUESTS, 8, 1024, 5));
        server = cluster.server;
        base = cluster.url();
        send("POST", "/storage/volumes", "{\"name\":\"v\",\"labels\":{\"team\":\"a\"}}");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "dir/a b+c%25.txt", "ünï/日本/😀", "a;b=c", "semi:colon@x", "%41"})
    void oddKeysComeBackAsTheyWere(String key) throws Exception {
        String path = "/storage/volumes/v/files/odd/" + io.moorage.api.http.EntryPath.encode(key);
        assertThat(send("PUT", path, key).statusCode()).isEqualTo(201);
        HttpResponse<byte[]> got = send("GET", path, null);
        assertThat(new String(got.body(), StandardCharsets.UTF_8)).isEqualTo(key);
        List<String> keys = new ArrayList<>();
        json(send("GET", "/storage/volumes/v/files/odd/?recursive=true", null))
                .get("items")
                .forEach(item -> keys.add(item.get("key").asText()));
        assertThat(keys).contains("odd/" + key);
        assertThat(send("DELETE", path, null).statusCode()).isEqualTo(204);
    }

    @Test
    void howMuchOfTheChangeFeedIsKeptCanBeChanged() throws Exception {
        send("POST", "/storage/volumes", "{\"name\":\"feed\"}");
        assertThat(json(send("GET", "/storage/volumes/feed", null))
                        .path("changes")
                        .path("maxCount")
                        .asInt())
                .isEqualTo(100_000);
        String some = "{\"changes\":{\"maxCount\":500,\"maxValueBytes\":2048}}";
        assertThat(json(send("PATCH", "/storage/volumes/feed", some))
                        .path("changes")
                        .toString())
                .isEqualTo("{\"maxCount\":500,\"maxValueBytes\":2048}");
        JsonNode none = json(send("PATCH", "/storage/volumes/feed", "{\"changes\":{\"maxCount\":0}}"));
        assertThat(none.path("changes").path("maxCount").asInt()).isZero();
        HttpResponse<byte[]> refused = send("PATCH", "/storage/volumes/feed", "{\"changes\":{\"maxCount\":-1}}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("changes.maxCount is -1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "../x", "a/../b", "%2e%2e/x", "/abs", "a%00b", "a%0Ab", "%zz", "%c3%28"})
    void keysThatOthersWouldMisreadAreRefused(String raw) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("PUT /storage/volumes/v/files/" + raw
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(status(socket.getInputStream())).isEqualTo(400);
        }
    }

    @Test
    void keyOf1024BytesIsTakenAndOneMoreIsNot() throws Exception {
        assertThat(send("PUT", "/storage/volumes/v/files/" + "k".repeat(1024), "x")
                        .statusCode())
                .isEqualTo(201);
        problem(send("PUT", "/storage/volumes/v/files/" + "k".repeat(1025), "x"), 400, "invalid-argument");
    }

    @Test
    void rangesAndConditionsAreHonoured() throws Exception {
        byte[] data = ClusterTest.data(300_000);
        HttpResponse<byte[]> put = put("/storage/volumes/v/files/r", data);
        String etag = put.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> part = send("GET", "/storage/volumes/v/files/r", null, "Range", "bytes=65530-65545");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(data, 65_530, 65_546));
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 65530-65545/300000");
        assertThat(send("GET", "/storage/volumes/v/files/r", null, "Range", "bytes=-5")
                        .body())
                .isEqualTo(Arrays.copyOfRange(data, 299_995, 300_000));
        assertThat(send("GET", "/storage/volumes/v/files/r", null, "Range", "bytes=0-1,5-6")
                        .statusCode())
                .isEqualTo(200);
        problem(
                send("GET", "/storage/volumes/v/files/r", null, "Range", "bytes=300000-"),
                416,
                "range-not-satisfiable");
        assertThat(send("GET", "/storage/volumes/v/files/r", null, "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
        problem(send("GET", "/storage/volumes/v/files/r", null, "If-Match", "\"1\""), 412, "precondition-failed");
        problem(send("PUT", "/storage/volumes/v/files/r", "x", "If-None-Match", "*"), 412, "precondition-failed");
        problem(send("PUT", "/storage/volumes/v/files/r", "x", "If-Match", "nonsense"), 400, "invalid-argument");
        assertThat(send("PUT", "/storage/volumes/v/files/r", "x", "If-Match", etag)
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> head = send("HEAD", "/storage/volumes/v/files/r", null);
        assertThat(head.headers().firstValue("Content-Length")).contains("1");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void digestsAreVerifiedKeptAndGivenWhenAskedFor() throws Exception {
        byte[] data = ClusterTest.data(200_000);
        String digest = "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(data))
                + ":";
        HttpRequest.Builder put = HttpRequest.newBuilder(URI.create(base + "/storage/volumes/v/files/d"))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(data))
                .header("Repr-Digest", digest);
        assertThat(HTTP.send(put.build(), HttpResponse.BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("GET", "/storage/volumes/v/files/d", null, "Want-Repr-Digest", "sha-256=5")
                        .headers()
                        .firstValue("Repr-Digest"))
                .contains(digest);
        assertThat(send("GET", "/storage/volumes/v/files/d", null, "Want-Repr-Digest", "sha-512=5")
                        .headers()
                        .firstValue("Repr-Digest")
                        .orElse(""))
                .startsWith("sha-512=:");
        problem(send("PUT", "/storage/volumes/v/files/d2", "other", "Content-Digest", digest), 400, "digest-mismatch");
        problem(send("GET", "/storage/volumes/v/files/d2", null), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1 << 20, (1 << 20) + 1})
    void connectionIsGoodForAnotherRequestAfterAFileOfAnyLength(int size) throws Exception {
        assertThat(put("/storage/volumes/v/files/length-" + size, new byte[size])
                        .statusCode())
                .isEqualTo(201);
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(30_000);
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write(("GET /storage/volumes/v/files/length-" + size + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(status(in)).as("request %d", i).isEqualTo(200);
                skipHeaders(in);
                assertThat(in.readNBytes(size)).hasSize(size);
            }
        }
    }

    private static void skipHeaders(InputStream in) throws IOException {
        for (int sinceLine = 1; sinceLine > 0; ) {
            sinceLine = 0;
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                sinceLine += c == '\r' ? 0 : 1;
            }
        }
    }

    @Test
    void uploadThatIsCutLeavesNothing() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("PUT /storage/volumes/v/files/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[300_000]);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            socket.getInputStream().readNBytes(100);
        }
        problem(send("GET", "/storage/volumes/v/files/cut", null), 404, "not-found");
    }

    @Test
    void moreRequestsThanMayBeUnderWayAreToldToSlowDown() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                // Bodies on which nothing happens are cut after a while: each look brings its own.
                for (int i = 0; i < CONCURRENT_REQUESTS; i++) {
                    held.add(holdOne());
                }
                return send("GET", "/storage/volumes", null).statusCode() == 503;
            });
            HttpResponse<byte[]> refused = send("GET", "/storage/volumes", null);
            problem(refused, 503, "slow-down");
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(send("GET", "/storage/health/live", null).statusCode()).isEqualTo(200);
            assertThat(send("GET", "/storage/health/ready", null).statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> send("GET", "/storage/volumes", null).statusCode() == 200);
    }

    /** A request that goes on: most of its body is still to come. */
    private static Socket holdOne() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream()
                .write(("PUT /storage/volumes/v/files/held HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** Secrets of webhooks and of users are in it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/storage/volumes/system/files/",
                "/storage/volumes/system/files/s3/buckets/b",
                "/kv/system",
                "/kv/system/a",
                "/changes/system",
                "/changes/system/cursors",
                "/log/system/commands"
            })
    void recordsOfTheClusterItselfAreNotForReading(String path) throws Exception {
        HttpResponse<byte[]> response = send("GET", path, null);
        problem(response, 404, "volume-not-found");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("own records");
    }

    @Test
    void slowBodyIsCut() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("PUT /storage/volumes/v/files/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            int status = status(socket.getInputStream());
            assertThat(status).isIn(400, 408, -1);
        }
        problem(send("GET", "/storage/volumes/v/files/slow", null), 404, "not-found");
    }

    @Test
    void directoriesMovesCopiesAndAppends() throws Exception {
        send("PUT", "/storage/volumes/v/files/t/a", "1");
        send("PUT", "/storage/volumes/v/files/t/s/b", "22");
        assertThat(send("PUT", "/storage/volumes/v/files/t/empty/", null).statusCode())
                .isEqualTo(201);
        JsonNode list = json(send("GET", "/storage/volumes/v/files/t/", null));
        assertThat(list.get("items")).hasSize(1);
        assertThat(list.get("commonPrefixes").toString()).isEqualTo("[\"t/empty/\",\"t/s/\"]");
        problem(send("DELETE", "/storage/volumes/v/files/t/", null), 409, "not-empty");
        assertThat(json(send("POST", "/storage/volumes/v/files/t/?op=copy&to=u/", null))
                        .get("entries")
                        .asInt())
                .isEqualTo(3);
        problem(send("POST", "/storage/volumes/v/files/t/?op=move&to=u/", null), 412, "precondition-failed");
        assertThat(send("POST", "/storage/volumes/v/files/t/?op=move&to=t2/", null)
                        .statusCode())
                .isEqualTo(200);
        problem(send("GET", "/storage/volumes/v/files/t/a", null), 404, "not-found");
        assertThat(new String(
                        send("GET", "/storage/volumes/v/files/t2/s/b", null).body()))
                .isEqualTo("22");
        assertThat(send("POST", "/storage/volumes/v/files/t2/a?op=append", "23", "X-Append-Offset", "1")
                        .statusCode())
                .isEqualTo(200);
        problem(
                send("POST", "/storage/volumes/v/files/t2/a?op=append", "4", "X-Append-Offset", "1"),
                412,
                "precondition-failed");
        assertThat(new String(send("GET", "/storage/volumes/v/files/t2/a", null).body()))
                .isEqualTo("123");
        assertThat(json(send("DELETE", "/storage/volumes/v/files/t2/?recursive=true", null))
                        .get("deleted")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void wrongAddressesMethodsAndHeadersAreToldApart() throws Exception {
        problem(send("GET", "/nowhere", null), 404, "not-found");
        problem(send("DELETE", "/storage/health", null), 405, "method-not-allowed");
        problem(send("GET", "/storage/volumes/v/files/x", null, "X-Consistency", "maybe"), 400, "invalid-argument");
        assertThat(send("GET", "/storage/health/live", null, "X-Big", "x".repeat(20_000))
                        .statusCode())
                .isEqualTo(431);
        HttpResponse<byte[]> named = send("GET", "/storage/health/live", null, "X-Request-Id", "abc-1");
        assertThat(named.headers().firstValue("X-Request-Id")).contains("abc-1");
    }

    @Test
    void healthConfigAndMetricsAnswer() throws Exception {
        assertThat(send("GET", "/storage/health/ready", null).statusCode()).isEqualTo(200);
        assertThat(json(send("GET", "/storage/health", null)).get("nodes")).hasSize(3);
        assertThat(new String(send("GET", "/storage/metrics", null).body())).contains("moorage_http_requests_seconds");
        problem(send("PATCH", "/storage/config", "{\"server.port\":1}"), 409, "not-changeable");
        assertThat(send("PATCH", "/storage/config", "{\"log.access\":true}").statusCode())
                .isEqualTo(200);
        assertThat(new String(send("GET", "/", null).body())).contains("Moorage");
    }

    @Test
    void openApiDocumentNamesExactlyTheRoutesThereAre() throws Exception {
        JsonNode document =
                new YAMLMapper().readTree(send("GET", "/openapi", null).body());
        TreeSet<String> documented = new TreeSet<>();
        document.get("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters") && !method.equals("summary")) {
                        documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    }
                }));
        TreeSet<String> registered = new TreeSet<>();
        for (Routes.Route route : server.routes()) {
            registered.add(route.method() + " " + route.path().replace("/*", "/{path}"));
        }
        assertThat(documented).isEqualTo(registered);
    }

    private static int status(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.length() < 12 ? -1 : Integer.parseInt(line.substring(9, 12));
    }

    private static void problem(HttpResponse<byte[]> response, int status, String code) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode body = json(response);
        assertThat(body.get("type").asText()).endsWith("/" + code);
        assertThat(body.get("requestId").asText())
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private static HttpResponse<byte[]> put(String path, byte[] body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
