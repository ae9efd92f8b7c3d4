package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removing, moving, copying and looking at entries. */
public final class FileCommands {
    private FileCommands() {}

    /** Removes. */
    @Command(name = "rm", mixinStandardHelpOptions = true, description = "Removes files, or directories with -r.")
    public static final class Rm implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(arity = "1..*", paramLabel = "VOLUME:PATH")
        private List<String> places;

        @Option(
                names = {"-r", "--recursive"},
                description = "directories with all that is in them")
        private boolean recursive;

        @Override
        public Integer call() throws IOException {
            long removed = 0;
            for (String place : places) {
                RemotePath path = RemotePath.parse(place);
                if (recursive) {
                    removed += session.client()
                            .send("DELETE", path.directory().url() + "?recursive=true", null)
                            .get("deleted")
                            .asLong();
                }
                if (!recursive || !path.isDirectory()) {
                    String missing = recursive ? "?ignoreMissing=true" : "";
                    session.client().send("DELETE", path.url() + missing, null);
                    removed += recursive ? 0 : 1;
                }
            }
            if (session.json()) {
                session.printJson(Map.of("removed", removed));
            }
            return 0;
        }
    }

    /** Moves. */
    @Command(name = "mv", mixinStandardHelpOptions = true, description = "Moves a file or a directory, as one step.")
    public static final class Mv implements Callable<Integer> {
        @Mixin
        private MoveOrCopy operation;

        @Override
        public Integer call() throws IOException {
            return operation.run("move");
        }
    }

    /** Copies. */
    @Command(
            name = "cp",
            mixinStandardHelpOptions = true,
            description = "Copies a file or a directory; copies share their bytes.")
    public static final class Cp implements Callable<Integer> {
        @Mixin
        private MoveOrCopy operation;

        @Override
        public Integer call() throws IOException {
            return operation.run("copy");
        }
    }

    /** What both take. */
    static final class MoveOrCopy {
        @Mixin
        private Session session;

        @Parameters(index = "0", paramLabel = "VOLUME:FROM")
        private String from;

        @Parameters(index = "1", paramLabel = "VOLUME:TO")
        private String to;

        @Option(
                names = {"-f", "--force"},
                description = "replace what is there")
        private boolean force;

        int run(String operation) throws IOException {
            RemotePath source = RemotePath.parse(from);
            RemotePath target = RemotePath.parse(to);
            if (!source.volume().equals(target.volume())) {
                throw Failure.of(
                        Failure.USAGE, "from one volume to another it is two steps: moorage get, then moorage put");
            }
            if (target.key().isEmpty()
                    || target.key().endsWith("/") && !source.key().endsWith("/")) {
                target = target.child(source.name());
            }
            JsonNode answer = session.client()
                    .send(
                            "POST",
                            source.url() + "?op=" + operation + "&overwrite=" + force + "&to="
                                    + ApiClient.query(target.key()),
                            null);
            if (session.json()) {
                session.printJson(answer);
            }
            return 0;
        }
    }

    /** Shows one entry. */
    @Command(name = "stat", mixinStandardHelpOptions = true, description = "Shows what is known of an entry.")
    public static final class Stat implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "VOLUME:PATH")
        private String place;

        @Override
        public Integer call() throws IOException {
            RemotePath path = RemotePath.parse(place);
            HttpResponse<InputStream> response = session.client().head(path.url());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("path", path.toString());
            json.put(
                    "size",
                    response.headers().firstValueAsLong("Content-Length").orElse(0));
            json.put(
                    "version",
                    response.headers().firstValue("X-Moorage-Version").orElse(""));
            json.put(
                    "contentType", response.headers().firstValue("Content-Type").orElse(""));
            json.put("modified", response.headers().firstValue("Last-Modified").orElse(""));
            Map<String, String> metadata = new LinkedHashMap<>();
            response.headers().map().forEach((name, values) -> {
                if (name.toLowerCase(java.util.Locale.ROOT).startsWith("x-moorage-meta-")) {
                    metadata.put(
                            name.substring("x-moorage-meta-".length()),
                            java.net.URLDecoder.decode(values.get(0), java.nio.charset.StandardCharsets.UTF_8));
                }
            });
            json.put("metadata", metadata);
            if (session.json()) {
                session.printJson(json);
            } else {
                json.forEach((name, value) -> System.out.printf("%-12s %s%n", name, value));
            }
            return 0;
        }
    }
}
