package io.moorage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.files.ByteProgress;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What all commands share: where the cluster is, and how to answer. */
public final class Session {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "API server; default: MOORAGE_API, the cluster in --data, or http://127.0.0.1:8000")
    String api;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "directory of the local cluster; default: MOORAGE_DATA, or moorage-data")
    Path data;

    @Option(names = "--json", description = "answer in JSON")
    boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long to try while the cluster is not available (default: ${DEFAULT-VALUE})")
    int timeoutSeconds;

    @Option(names = "--debug", description = "show stack traces")
    boolean debug;

    public Path dataDirectory() {
        String variable = System.getenv("MOORAGE_DATA");
        Path chosen = data != null ? data : Path.of(variable != null ? variable : "moorage-data");
        return chosen.toAbsolutePath().normalize();
    }

    /** @throws Failure if there is none */
    public LocalCluster cluster() throws IOException {
        LocalCluster cluster = LocalCluster.find(dataDirectory());
        if (cluster == null) {
            throw Failure.of(
                    Failure.NOT_FOUND,
                    "there is no cluster in " + dataDirectory()
                            + ": start one with `moorage up`, or name its directory with " + "--data");
        }
        return cluster;
    }

    public ApiClient client() throws IOException {
        String url = api != null ? api : System.getenv("MOORAGE_API");
        if (url == null) {
            LocalCluster cluster = LocalCluster.find(dataDirectory());
            url = cluster != null ? cluster.apiUrl() : "http://127.0.0.1:8000";
        }
        return new ApiClient(url, Duration.ofSeconds(timeoutSeconds));
    }

    public boolean json() {
        return json;
    }

    public void printJson(Object value) {
        try {
            System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For people: to standard error, so that output can be piped. */
    public void say(String line) {
        if (!json) {
            System.err.println(line);
        }
    }

    public ByteProgress progress(String task) {
        return new ByteProgress(task, !json && System.console() != null && System.getenv("TERM") != null);
    }
}
