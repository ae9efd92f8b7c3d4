package io.moorage.cli.kv;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.BytesBody;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keys and values. */
@Command(
        name = "kv",
        description = "Keys and values of a volume: up to 1 MiB, linearizable.",
        subcommands = {
            KvCommand.Put.class,
            KvCommand.Get.class,
            KvCommand.Cas.class,
            KvCommand.Del.class,
            KvCommand.Ls.class,
            KvWatchCommand.class,
            KvTxnCommand.class,
            KvLockCommand.class
        })
public final class KvCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "which one: put, get, cas, del, ls, watch, txn or lock?");
    }

    /** Writes a key. */
    @Command(name = "put", description = "Writes a value, and says what was there before.")
    static final class Put implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "VOLUME:KEY")
        private String place;

        @Parameters(index = "1", paramLabel = "VALUE", description = "the value; - is standard input")
        private String value;

        @Option(names = "--lease", paramLabel = "ID", description = "delete the key when this lease ends")
        private String lease;

        Put(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            RemotePath path = KvInput.key(place);
            byte[] bytes = KvInput.value(session, value);
            JsonNode answer = session.client()
                    .send(ApiRequest.of("PUT", KvInput.url(path) + (lease == null ? "" : "?lease=" + Urls.query(lease)))
                            .body(new BytesBody(bytes, bytes.length)));
            if (session.json()) {
                session.printJson(answer);
            } else {
                session.say("version " + answer.path("version").asText()
                        + (answer.has("previous")
                                ? "; it was: " + KvInput.line(answer.path("previous"))
                                : "; it is new"));
            }
            return ExitCode.DONE.number();
        }
    }

    /** Reads a key. */
    @Command(name = "get", description = "Writes a value to standard output, as it is.")
    static final class Get implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "VOLUME:KEY")
        private String place;

        Get(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            ApiRequest request = ApiRequest.of("GET", KvInput.url(KvInput.key(place)));
            if (session.json()) {
                session.printJson(session.client().send(request.header("Accept", "application/json")));
            } else {
                byte[] value = session.client()
                        .call(() -> request, (info, activity) -> BodySubscribers.ofByteArray())
                        .body();
                session.console().bytes().write(value, 0, value.length);
            }
            return ExitCode.DONE.number();
        }
    }

    /** Compares and swaps. */
    @Command(
            name = "cas",
            description = "Writes a value if what is there is what is expected; exit code 4 if it is not.")
    static final class Cas implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "VOLUME:KEY")
        private String place;

        @Parameters(index = "1", paramLabel = "VALUE", description = "the new value; - is standard input")
        private String value;

        @ArgGroup(multiplicity = "1")
        private Expected expected;

        /** One of them. */
        static final class Expected {
            @Option(names = "--expect", paramLabel = "VALUE", description = "the present value")
            private String value;

            @Option(names = "--expect-version", paramLabel = "VERSION", description = "the present version")
            private String version;

            @Option(names = "--absent", description = "there must be no such key")
            private boolean absent;
        }

        Cas(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            RemotePath path = KvInput.key(place);
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("valueBase64", Base64.getEncoder().encodeToString(KvInput.value(session, value)));
            if (expected.value != null) {
                body.put(
                        "expectedValueBase64",
                        Base64.getEncoder().encodeToString(expected.value.getBytes(StandardCharsets.UTF_8)));
            } else if (expected.version != null) {
                body.put("expectedVersion", expected.version);
            } else {
                body.put("expectedAbsent", true);
            }
            // A second attempt would find what the first one wrote.
            JsonNode answer = session.client()
                    .send(ApiRequest.of("POST", KvInput.url(path) + "?op=cas")
                            .json(body)
                            .once());
            if (session.json()) {
                session.printJson(answer);
            }
            if (answer.path("swapped").asBoolean()) {
                session.say("version " + answer.path("version").asText());
                return ExitCode.DONE.number();
            }
            if (session.json()) {
                return ExitCode.CONFLICT.number();
            }
            throw Failure.of(
                    ExitCode.CONFLICT,
                    answer.has("current")
                            ? place + " has version " + answer.path("version").asText() + ": "
                                    + KvInput.line(answer.path("current"))
                            : "there is no " + place);
        }
    }

    /** Deletes a key. */
    @Command(name = "del", description = "Deletes a key, and says what was there.")
    static final class Del implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "VOLUME:KEY")
        private String place;

        Del(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            JsonNode answer = session.client().send(ApiRequest.of("DELETE", KvInput.url(KvInput.key(place))));
            if (session.json()) {
                session.printJson(answer);
            } else {
                session.say(
                        answer.path("existed").asBoolean()
                                ? "it was: " + KvInput.line(answer.path("previous"))
                                : "there was none");
            }
            return ExitCode.DONE.number();
        }
    }

    /** Lists keys. */
    @Command(name = "ls", description = "Lists keys with their versions and values.")
    static final class Ls implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "VOLUME:PREFIX")
        private String place;

        @Option(names = "--keys-only", description = "without values")
        private boolean keysOnly;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "keys at most (1000)")
        private int limit;

        Ls(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            RemotePath prefix = RemotePath.parse(place.contains(":") ? place : place + ":");
            String after = "";
            int left = limit;
            do {
                JsonNode page = session.client()
                        .get("/kv/" + Urls.path(prefix.volume()) + "?prefix=" + Urls.query(prefix.key())
                                + "&startAfter=" + Urls.query(after) + "&limit=" + Math.min(left, 1000)
                                + (keysOnly ? "&keysOnly=true" : ""));
                for (JsonNode item : page.path("items")) {
                    session.print(
                            session.json()
                                    ? item.toString()
                                    : item.path("key").asText() + "\t"
                                            + item.path("version").asText()
                                            + (keysOnly ? "" : "\t" + KvInput.line(item)));
                    left--;
                }
                after = page.path("next").asText("");
            } while (!after.isEmpty() && left > 0);
            return ExitCode.DONE.number();
        }
    }
}
