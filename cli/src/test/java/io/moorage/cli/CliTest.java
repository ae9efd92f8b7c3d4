package io.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole commands, as they are typed, against a server that answers as it is told. */
class CliTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{}";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int moorage(boolean terminal, String... arguments) {
        out.reset();
        err.reset();
        Console console = new Console(
                new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal);
        return Moorage.run(console, Map.of("MOORAGE_API", api()), arguments);
    }

    private int moorage(String... arguments) {
        return moorage(false, arguments);
    }

    private String api() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answers(int code, String problem, String detail) {
        status = code;
        answer = "{\"type\":\"https://moorage.io/problems/" + problem + "\",\"detail\":\"" + detail
                + "\",\"requestId\":\"r-1\"}";
    }

    static Stream<Arguments> badArguments() {
        return Stream.of(
                bad("--nodes is 0; it must be 1 to 20", "up", "--nodes", "0"),
                bad("--port is 70000; it must be 1 to 65535", "up", "--port", "70000"),
                bad("--port-base is 80; it must be 1024 to 65000", "up", "--port-base", "80"),
                bad("--heap is 1; it must be 128 (MiB) or more", "up", "--heap", "1"),
                bad("--jobs is 0; it must be 1 to", "put", "a", "v:a", "--jobs", "0"),
                bad("--jobs is 0; it must be 1 to", "get", "v:a", "--jobs", "0"),
                bad("'a/b' is not a place in a volume; write VOLUME:PATH, as in photos:2026/a.jpg", "cat", "a/b"),
                bad("the other way it is: moorage get v:x here", "put", "v:x", "here"),
                bad("--signal 'HUP' must be TERM, INT or KILL", "node", "stop", "node-0", "--signal", "HUP"),
                bad("--quota 'lots' is not a size; write 10GiB", "volume", "create", "v", "--quota", "lots"),
                bad("set what? Give --quota, --quota-entries", "volume", "set", "v"),
                bad("v:a/ is a directory; add -r", "rm", "v:a/"),
                bad("v: is all that is in volume v; add -f if that is meant", "rm", "-r", "v:"),
                bad("from one volume to another it takes two steps", "mv", "v:a", "w:a"),
                bad("standard input has no name", "put", "-", "v:"),
                bad(". is a directory; add -r to store all that is in it", "put", "pom.xml", ".", "v:"),
                bad("there is no completion for 'fish'; there is one for bash and one for zsh", "completion", "fish"),
                bad("--timeout", "ls", "v:", "--timeout", "soon"),
                bad("did you mean", "statsu"),
                bad("Missing required parameter", "get"),
                bad("the API server's address 'ftp://x' is not one; write http://HOST:PORT", "ls", "--api", "ftp://x"));
    }

    private static Arguments bad(String said, String... arguments) {
        return Arguments.of(said, List.of(arguments));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badArguments")
    void badArgumentsNameTheFieldAndTheRemedyAndAskNobody(String said, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--data", directory.resolve("none").toString()));
        assertThat(moorage(all.toArray(String[]::new))).isEqualTo(2);
        assertThat(text(err)).contains(said).doesNotContain("\tat ");
        assertThat(text(out)).isEmpty();
        assertThat(requests).isEmpty();
        assertThat(directory.resolve("none")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid-argument, 2",
        "400, digest-mismatch, 1",
        "404, not-found, 3",
        "404, volume-not-found, 3",
        "409, not-empty, 4",
        "412, precondition-failed, 4",
        "500, internal, 1",
        "503, unavailable, 5",
        "503, slow-down, 5",
        "507, quota-exceeded, 6",
        "507, disk-full, 6"
    })
    void exitCodesSayWhatTheServerMeant(int code, String problem, int exitCode) throws Exception {
        answers(code, problem, "because of this");
        assertThat(moorage("volume", "show", "v", "--timeout", "0")).isEqualTo(exitCode);
        assertThat(text(err)).contains("because of this").doesNotContain("\tat ");

        assertThat(moorage("volume", "show", "v", "--timeout", "0", "--json")).isEqualTo(exitCode);
        JsonNode error = JSON.readTree(err.toByteArray()).path("error");
        assertThat(error.path("code").asText()).isEqualTo(problem);
        assertThat(error.path("exitCode").asInt()).isEqualTo(exitCode);
        assertThat(error.path("message").asText()).isEqualTo("because of this");
        assertThat(error.path("requestId").asText()).isEqualTo("r-1");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void withoutAClusterItIsSaidHowToGetOne() {
        String none = directory.resolve("none").toString();
        for (String command : List.of("down", "logs api", "node start node-0")) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--data", none));
            assertThat(moorage(arguments.toArray(String[]::new))).as(command).isEqualTo(3);
            assertThat(text(err)).contains("there is no cluster in " + none, "moorage up");
        }
        assertThat(moorage("volume", "ls", "--api", "http://127.0.0.1:1")).isEqualTo(5);
        assertThat(text(err)).contains("no API server answers at http://127.0.0.1:1; check --api and MOORAGE_API");
        assertThat(requests).isEmpty();
    }

    @Test
    void jsonIsOneDocumentAndNothingElse() throws Exception {
        answer = "{\"items\":[{\"name\":\"photos\"}]}";
        assertThat(moorage("volume", "ls", "--json")).isZero();
        assertThat(document().path(0).path("name").asText()).isEqualTo("photos");

        assertThat(moorage("ls", "--json")).isZero();
        assertThat(document().path(0).path("name").asText()).isEqualTo("photos");

        answer = "{\"items\":[{\"key\":\"a\",\"size\":3},{\"key\":\"c\",\"size\":4}],\"commonPrefixes\":[\"b/\"]}";
        assertThat(moorage("ls", "photos:", "--json")).isZero();
        assertThat(document()).extracting(entry -> entry.path("key").asText()).containsExactly("a", "b/", "c");

        assertThat(moorage("du", "photos:", "--json")).isZero();
        assertThat(document().path("bytes").asLong()).isEqualTo(7);
        assertThat(document().path("files").asLong()).isEqualTo(2);

        answer = "{\"deleted\":2}";
        assertThat(moorage("rm", "-r", "photos:a/", "--json")).isZero();
        assertThat(document().path("removed").asLong()).isEqualTo(2);

        answer = "{\"key\":\"a\",\"size\":7,\"version\":\"9\"}";
        assertThat(moorage("put", "-", "photos:a", "--json")).isZero();
        assertThat(document().path("files").asInt()).isEqualTo(1);
        assertThat(document().path("bytes").asInt()).isEqualTo(7);
        assertThat(document().path("failed").asInt()).isZero();
        assertThat(document().path("failures").isArray()).isTrue();
        assertThat(document().path("entry").path("version").asText()).isEqualTo("9");
        assertThat(requests).contains("PUT /storage/volumes/photos/files/a");
    }

    private JsonNode document() throws IOException {
        assertThat(text(err)).isEmpty();
        return JSON.reader(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(out.toByteArray());
    }

    @Test
    void shortUploadIsToldInOneSentence() throws Exception {
        Path file = Files.writeString(directory.resolve("a"), "content");
        answer = "{\"key\":\"a\",\"size\":7}";
        assertThat(moorage("put", file.toString(), "photos:a")).isZero();
        assertThat(text(err))
                .startsWith("stored 1 file, 7 B in ")
                .hasLineCount(1)
                .doesNotContain("\033", "\r");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void serverThatStoredSomethingElseIsNotBelieved() throws Exception {
        Path file = Files.writeString(directory.resolve("a"), "content");
        answer = "{\"key\":\"a\",\"size\":6}";
        assertThat(moorage("put", file.toString(), "photos:a")).isEqualTo(1);
        assertThat(text(err)).contains("has 7 bytes, and 6 were stored");
    }

    @Test
    void temporaryRefusalIsTriedAgainAndOthersAreNot() {
        answers(503, "unavailable", "no leader");
        assertThat(moorage("volume", "show", "v", "--timeout", "1s")).isEqualTo(5);
        assertThat(requests).hasSizeGreaterThan(1);
        requests.clear();
        answers(507, "disk-full", "full");
        assertThat(moorage("volume", "show", "v", "--timeout", "1s")).isEqualTo(6);
        assertThat(requests).hasSize(1);
    }

    @Test
    void sizesAreReadAndShown() {
        assertThat(Sizes.parse("--quota", "10GiB")).isEqualTo(10L << 30);
        assertThat(Sizes.parse("--quota", "10GB")).isEqualTo(10_000_000_000L);
        assertThat(Sizes.parse("--quota", "1.5k")).isEqualTo(1536);
        assertThat(Sizes.show(1536)).isEqualTo("1.5 KiB");
        assertThat(Sizes.show(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThatThrownBy(() -> Sizes.parse("--quota", "9999999P")).hasMessageContaining("more than can be counted");
    }

    @Test
    void tableColumnsAreAsWideAsTheyMustBe() {
        assertThat(new Table().row("A", "B").row("long", 1).toString()).isEqualTo("A     B\nlong  1\n");
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
