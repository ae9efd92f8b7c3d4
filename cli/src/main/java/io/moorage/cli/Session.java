package io.moorage.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What all commands share: where the cluster is, and how to answer. One for each run of the program. */
public final class Session {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT_API = "http://127.0.0.1:8000";

    private final Console console;
    private final Map<String, String> environment;

    @Option(
            names = "--api",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "API server; default: MOORAGE_API, the cluster in --data, or " + DEFAULT_API)
    private String api;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "directory of the local cluster; default: MOORAGE_DATA, or ~/.moorage")
    private Path data;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "answer in JSON")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            scope = ScopeType.INHERIT,
            description = "how long to try while the cluster is not available (default: ${DEFAULT-VALUE})")
    private Duration timeout = Duration.ofSeconds(60);

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "show stack traces")
    private boolean debug;

    public Session(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    public Console console() {
        return console;
    }

    public Duration timeout() {
        return timeout;
    }

    boolean debug() {
        return debug;
    }

    /** Absolute. */
    public Path dataDirectory() {
        Path chosen = data;
        if (chosen == null) {
            String variable = environment.getOrDefault("MOORAGE_DATA", "");
            chosen = variable.isEmpty() ? Path.of(System.getProperty("user.home"), ".moorage") : Path.of(variable);
        }
        return chosen.toAbsolutePath().normalize();
    }

    /** " --data DIR" if commands need it to find the same cluster again, otherwise "". */
    public String dataOption() {
        return data == null ? "" : " --data " + data;
    }

    /** @throws Failure if there is none */
    public LocalCluster cluster() throws IOException {
        return LocalCluster.find(dataDirectory())
                .orElseThrow(() -> Failure.of(
                        ExitCode.NOT_FOUND,
                        "there is no cluster in " + dataDirectory()
                                + "; start one with `moorage up`, or name its directory with --data or MOORAGE_DATA"));
    }

    /** The URL that was asked for, by option or environment. */
    public Optional<String> namedApi() {
        return Optional.ofNullable(api != null ? api : environment.get("MOORAGE_API"))
                .filter(url -> !url.isEmpty());
    }

    public ApiClient client() throws IOException {
        Optional<String> named = namedApi();
        if (named.isPresent()) {
            return new ApiClient(named.get(), timeout, "check --api and MOORAGE_API");
        }
        Optional<LocalCluster> cluster = LocalCluster.find(dataDirectory());
        if (cluster.isPresent()) {
            return new ApiClient(
                    cluster.get().apiUrl(), timeout, "see `moorage status`; `moorage up` starts what does not run");
        }
        return new ApiClient(
                DEFAULT_API, timeout, "start a cluster with `moorage up`, or name one with --api or MOORAGE_API");
    }

    public boolean json() {
        return json;
    }

    public void printJson(Object value) {
        try {
            console.out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For answers that are too long to be held. To be closed, which leaves standard output open. */
    public JsonGenerator jsonStream() throws IOException {
        return new JsonFactory(JSON)
                .createGenerator(console.bytes())
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter();
    }

    /** An answer for people. */
    public void print(String line) {
        console.out().println(line);
    }

    /** To people who watch; nothing if a program does. */
    public void say(String line) {
        if (!json) {
            console.err().println(line);
        }
    }

    /** What people and programs must know although the command goes on. */
    public void warn(String line) {
        console.err().println("moorage: " + line);
    }
}
