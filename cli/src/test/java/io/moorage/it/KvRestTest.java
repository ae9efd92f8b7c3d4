package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.api.config.ApiConfig;
import io.moorage.cli.Console;
import io.moorage.cli.Moorage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, leases, changes and the log over HTTP, and by the command. */
class KvRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path directory;

    private static RestCluster cluster;
    private static String base;

    @BeforeAll
    static void start() throws Exception {
        cluster = new RestCluster(directory, new ApiConfig.Limits(64, 16, 1024, 3));
        base = cluster.url();
        for (String volume : List.of("v", "w", "c", "l", "p")) {
            send("POST", "/storage/volumes", "{\"name\":\"" + volume + "\"}");
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void keysAreWrittenReadSwappedCountedAndDeleted() throws Exception {
        HttpResponse<byte[]> first = send("PUT", "/kv/v/a%2Fb%20%C3%A4", "one");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(json(first).path("existed").asBoolean()).isFalse();
        JsonNode second = json(send("PUT", "/kv/v/a/b%20%C3%A4", "two"));
        assertThat(second.path("previous").path("value").asText()).isEqualTo("one");
        assertThat(second.path("previous").path("version"))
                .isEqualTo(json(first).path("version"));
        HttpResponse<byte[]> got = send("GET", "/kv/v/a/b%20%C3%A4", null);
        assertThat(got.body()).isEqualTo("two".getBytes());
        assertThat(got.headers().firstValue("X-Moorage-Version"))
                .contains(second.path("version").asText());
        assertThat(json(send("GET", "/kv/v/a/b%20%C3%A4", null, "Accept", "application/json"))
                        .path("key")
                        .asText())
                .isEqualTo("a/b ä");
        problem(send("PUT", "/kv/v/a/b%20%C3%A4", "three", "If-Match", "\"1\""), 412, "precondition-failed");
        problem(send("PUT", "/kv/v/a/b%20%C3%A4", "three", "If-None-Match", "*"), 412, "precondition-failed");
        JsonNode failed = json(send("POST", "/kv/v/n?op=cas", "{\"expectedValue\":\"x\",\"value\":\"1\"}"));
        assertThat(failed.path("swapped").asBoolean()).isFalse();
        assertThat(json(send("POST", "/kv/v/n?op=cas", "{\"expectedAbsent\":true,\"value\":\"41\"}"))
                        .path("swapped")
                        .asBoolean())
                .isTrue();
        assertThat(json(send("POST", "/kv/v/n?op=increment", null))
                        .path("number")
                        .asLong())
                .isEqualTo(42);
        problem(send("POST", "/kv/v/a/b%20%C3%A4?op=increment", null), 412, "precondition-failed");
        JsonNode deleted = json(send("DELETE", "/kv/v/n", null));
        assertThat(deleted.path("previous").path("value").asText()).isEqualTo("42");
        assertThat(json(send("DELETE", "/kv/v/n", null)).path("existed").asBoolean())
                .isFalse();
        problem(send("GET", "/kv/v/n", null), 404, "not-found");
        problem(send("GET", "/kv/nowhere/n", null), 404, "volume-not-found");
        problem(send("PUT", "/kv/v/big", "x".repeat((1 << 20) + 1)), 413, "too-large");
        byte[] binary = {(byte) 0xff, 0, 1};
        HTTP.send(
                HttpRequest.newBuilder(URI.create(base + "/kv/v/bin"))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(binary))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(json(send("GET", "/kv/v/bin", null, "Accept", "application/json"))
                        .path("valueBase64")
                        .asText())
                .isEqualTo("/wAB");
    }

    @Test
    void transactionsAreAtomicAndPagesAreInOrder() throws Exception {
        String move = """
                {"compare":[{"key":"t/a","value":"10"},{"key":"t/b","exists":false}],
                 "then":[{"kind":"increment","key":"t/a","by":-3},{"kind":"put","key":"t/b","value":"3"},
                         {"kind":"get","key":"t/b"}],
                 "else":[{"kind":"range","prefix":"t/"}]}""";
        send("PUT", "/kv/v/t/a", "10");
        JsonNode moved = json(send("POST", "/kv/v?op=txn", move));
        assertThat(moved.path("succeeded").asBoolean()).isTrue();
        assertThat(moved.path("results").get(0).path("number").asLong()).isEqualTo(7);
        assertThat(moved.path("results").get(2).path("version")).isEqualTo(moved.path("version"));
        JsonNode again = json(send("POST", "/kv/v?op=txn", move));
        assertThat(again.path("succeeded").asBoolean()).isFalse();
        assertThat(again.path("results").get(0).path("items")).hasSize(2);
        problem(
                send("POST", "/kv/v?op=txn", "{\"then\":[{\"kind\":\"put\",\"key\":\"x\",\"valeu\":\"1\"}]}"),
                400,
                "invalid-argument");
        problem(
                send(
                        "POST",
                        "/kv/v?op=txn",
                        "{\"then\":[{\"kind\":\"delete\",\"key\":\"x\"},{\"kind\":\"delete\",\"key\":\"x\"}]}"),
                400,
                "invalid-argument");
        List<String> keys = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = json(send("GET", "/kv/v?prefix=t/&limit=1&startAfter=" + after, null));
            page.path("items")
                    .forEach(i -> keys.add(
                            i.path("key").asText() + "=" + i.path("value").asText()));
            after = page.path("next").asText();
        } while (!after.isEmpty());
        assertThat(keys).containsExactly("t/a=7", "t/b=3");
    }

    @Test
    void leasesAreGrantedKeptAndRevoked() throws Exception {
        JsonNode lease = json(send("POST", "/leases/v", "{\"ttlMs\":60000}"));
        String id = lease.path("lease").asText();
        send("PUT", "/kv/v/held?lease=" + id, "x");
        assertThat(json(send("GET", "/leases/v/" + id, null))
                        .path("keys")
                        .get(0)
                        .asText())
                .isEqualTo("held");
        assertThat(json(send("POST", "/leases/v/" + id, null))
                        .path("remainingMs")
                        .asLong())
                .isEqualTo(60_000);
        assertThat(json(send("DELETE", "/leases/v/" + id, null)).path("deleted").asInt())
                .isEqualTo(1);
        problem(send("GET", "/kv/v/held", null), 404, "not-found");
        problem(send("POST", "/leases/v/" + id, null), 404, "not-found");
        problem(send("PUT", "/kv/v/held?lease=" + id, "x"), 404, "not-found");
        problem(send("POST", "/leases/v", "{\"ttlMs\":1}"), 400, "invalid-argument");
    }

    @Test
    void changesAreToldByPageByLongPollAndAsEvents() throws Exception {
        String now = json(send("GET", "/changes/c", null)).path("next").asText();
        CompletableFuture<HttpResponse<byte[]>> waiting = HTTP.sendAsync(
                HttpRequest.newBuilder(URI.create(base + "/changes/c?since=" + now + "&prefix=k&wait=20s"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        send("PUT", "/kv/c/other", "0");
        send("PUT", "/kv/c/k1", "1");
        JsonNode woken = json(waiting.get(15, TimeUnit.SECONDS));
        assertThat(woken.path("items")).hasSize(1);
        assertThat(woken.path("items").get(0).path("value").asText()).isEqualTo("1");
        send("PUT", "/storage/volumes/c/files/k2", "file");
        send("POST", "/storage/volumes/c/files/k2?op=move&to=k3", null);
        send("DELETE", "/kv/c/k1", null);
        JsonNode all = json(send("GET", "/changes/c?since=oldest&limit=3", null));
        JsonNode rest = json(send("GET", "/changes/c?since=" + all.path("next").asText(), null));
        List<String> told = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode page : List.of(all, rest)) {
            page.path("items").forEach(i -> {
                told.add(i.path("kind").asText() + " " + i.path("key").asText());
                ids.add(i.path("id").asText());
            });
        }
        assertThat(told)
                .containsExactly("put other", "put k1", "put k2", "renamedFrom k2", "renamedTo k3", "deleted k1");
        HttpResponse<java.io.InputStream> stream = HTTP.send(
                HttpRequest.newBuilder(URI.create(base + "/changes/c"))
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", ids.get(3))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        send("PUT", "/kv/c/k4", "4");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            List<String> events = new ArrayList<>();
            while (events.size() < 3) {
                String line = lines.readLine();
                if (line.startsWith("data: ")) {
                    events.add(JSON.readTree(line.substring(6)).path("key").asText());
                }
            }
            assertThat(events).containsExactly("k3", "k1", "k4");
        }
        problem(send("GET", "/changes/c?since=x", null), 400, "invalid-argument");
    }

    @Test
    void longPollOutlastsAnIdleConnection() throws Exception {
        long asked = System.nanoTime();
        JsonNode nothing = json(send("GET", "/changes/l?prefix=never/&wait=5s", null));
        assertThat(nothing.path("items")).isEmpty();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked)).isBetween(4500L, 15_000L);
    }

    @Test
    void exampleInPythonRuns() throws Exception {
        assumeTrue(run(List.of("python3", "-c", "import requests")).startsWith("0|"), "python3 with requests");
        Path example = Path.of("..", "docs", "examples", "kv.py").toAbsolutePath();
        assertThat(run(List.of("python3", example.toString(), base, "p")))
                .startsWith("0|")
                .contains("('expired', 'watched/me')", "committed since: ['put']");
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() + "|" + output;
        } catch (IOException e) {
            return "-1|" + e.getMessage();
        }
    }

    @Test
    void logTakesCommandsAndTellsWhatWasCommitted() throws Exception {
        JsonNode put = json(send("POST", "/log/l/commands", "{\"kind\":\"put\",\"key\":\"a\",\"value\":\"1\"}"));
        long index = put.path("index").asLong();
        JsonNode swapped = json(send(
                "POST", "/log/l/commands", "{\"kind\":\"cas\",\"key\":\"a\",\"expectedValue\":\"1\",\"value\":\"2\"}"));
        assertThat(swapped.path("succeeded").asBoolean()).isTrue();
        JsonNode got = json(send("POST", "/log/l/commands", "{\"kind\":\"get\",\"key\":\"a\"}"));
        assertThat(got.path("result").path("value").asText()).isEqualTo("2");
        JsonNode command = json(send("GET", "/log/l/commands/" + index, null));
        assertThat(command.path("command").toString()).isEqualTo("{\"kind\":\"put\",\"key\":\"a\",\"value\":\"1\"}");
        assertThat(command.path("term").asLong()).isPositive();
        problem(send("GET", "/log/l/commands/" + (index + 1), null), 404, "not-found");
        JsonNode commits = json(send("GET", "/log/l/commands?since=" + (index - 1) + "&limit=2", null));
        List<String> kinds = new ArrayList<>();
        commits.path("items")
                .forEach(i -> kinds.add(i.path("command").path("kind").asText()));
        json(send("GET", "/log/l/commands?since=" + commits.path("next").asLong(), null))
                .path("items")
                .forEach(i -> kinds.add(i.path("command").path("kind").asText()));
        assertThat(kinds).containsExactly("put", "cas", "get");
        assertThat(json(send("GET", "/log/l/commands/" + index + "/commit?wait=5s", null))
                        .path("committed")
                        .asBoolean())
                .isTrue();
        assertThat(json(send("GET", "/log/l/commands/" + (index + 4096L * 100_000) + "/commit?wait=300ms", null))
                        .path("committed")
                        .asBoolean())
                .isFalse();
        JsonNode members = json(send("GET", "/log/l", null));
        assertThat(members.path("leader").asText()).startsWith("node-");
        assertThat(members.path("members")).hasSize(3);
    }

    @Test
    void commandLineWorksOnKeys() throws Exception {
        assertThat(moorage("", "kv", "put", "w:a", "one")).isEqualTo("0|");
        assertThat(moorage("two", "kv", "put", "w:a", "-")).isEqualTo("0|");
        assertThat(moorage("", "kv", "get", "w:a")).isEqualTo("0|two");
        assertThat(moorage("", "kv", "cas", "w:a", "three", "--expect", "one")).isEqualTo("4|");
        assertThat(moorage("", "kv", "cas", "w:a", "three", "--expect", "two")).isEqualTo("0|");
        assertThat(moorage("", "kv", "watch", "w", "--since", "oldest", "--count", "3"))
                .startsWith("0|")
                .contains("put\ta\tone\n", "put\ta\tthree\n");
        assertThat(moorage("{\"then\":[{\"kind\":\"get\",\"key\":\"a\"}]}", "kv", "txn", "w"))
                .startsWith("0|")
                .contains("three");
        assertThat(moorage("", "kv", "lock", "w:lock", "--", "sh", "-c", "test $MOORAGE_LOCK_TOKEN -gt 0"))
                .isEqualTo("0|");
        assertThat(moorage("", "kv", "del", "w:a")).isEqualTo("0|");
        assertThat(moorage("", "kv", "get", "w:a")).isEqualTo("3|");
        assertThat(moorage("", "members", "w")).startsWith("0|").contains("leader node-");
    }

    private static String moorage(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                false);
        int code = Moorage.run(console, Map.of("MOORAGE_API", base), arguments);
        return code + "|" + out.toString(StandardCharsets.UTF_8);
    }

    private static void problem(HttpResponse<byte[]> response, int status, String code) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        assertThat(json(response).path("type").asText()).endsWith("/" + code);
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.body()).isNotEmpty();
        return JSON.readTree(response.body());
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
