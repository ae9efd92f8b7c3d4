package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moving and copying inside a volume, each in one step that happens whole or not at all. */
public final class CopyCommands {
    private CopyCommands() {}

    /** Moves. */
    @Command(name = "mv", description = "Moves a file or a directory inside a volume, as one step.")
    public static final class Mv extends Operation {
        Mv(Session session) {
            super(session, "move", true);
        }
    }

    /** Copies. */
    @Command(
            name = "cp",
            description =
                    "Copies a file, or a directory with -r, inside a volume, as one step; copies share their bytes.")
    public static final class Cp extends Operation {
        @Option(
                names = {"-r", "--recursive"},
                description = "a directory, with all that is in it")
        private boolean recursive;

        Cp(Session session) {
            super(session, "copy", false);
        }

        @Override
        boolean takesDirectories() {
            return recursive;
        }
    }

    /** What both do. */
    abstract static class Operation implements Callable<Integer> {
        private final Session session;
        private final String operation;
        private final boolean directories;

        @Parameters(index = "0", paramLabel = "VOLUME:FROM")
        private String from;

        @Parameters(
                index = "1",
                paramLabel = "VOLUME:TO",
                description = "if it ends in '/', the directory to put it into, otherwise its new name")
        private String to;

        @Option(
                names = {"-f", "--force"},
                description = "replace what is there")
        private boolean force;

        Operation(Session session, String operation, boolean directories) {
            this.session = session;
            this.operation = operation;
            this.directories = directories;
        }

        boolean takesDirectories() {
            return directories;
        }

        @Override
        public Integer call() throws IOException {
            RemotePath source = RemotePath.parse(from);
            RemotePath target = RemotePath.parse(to);
            if (!source.volume().equals(target.volume())) {
                throw Failure.usage("from one volume to another it takes two steps: moorage get -r " + source
                        + " DIR, then moorage put");
            }
            ApiClient api = session.client();
            if (target.isDirectory()) {
                target = target.child(source.name());
            }
            if (isTree(api, source)) {
                source = source.directory();
                target = target.directory();
            }
            JsonNode answer = run(api, source, target);
            if (session.json()) {
                session.printJson(answer);
            }
            return ExitCode.DONE.number();
        }

        private JsonNode run(ApiClient api, RemotePath source, RemotePath target) {
            ApiRequest request = ApiRequest.of(
                            "POST",
                            source.url() + "?op=" + operation + "&overwrite=" + force + "&to="
                                    + Urls.query(target.key()))
                    .once();
            try {
                return api.send(request);
            } catch (Failure e) {
                throw e.problem().equals("precondition-failed")
                        ? e.explained(target + " exists; add -f to replace it")
                        : e;
            }
        }

        private boolean isTree(ApiClient api, RemotePath source) {
            if (!source.isDirectory() && Listing.find(api, source).isPresent()) {
                return false;
            }
            if (source.isVolume() || !Listing.isDirectory(api, source)) {
                throw source.isVolume()
                        ? Failure.usage(source + " is a whole volume; name something in it")
                        : Failure.of(ExitCode.NOT_FOUND, "there is no " + source);
            }
            if (!takesDirectories()) {
                throw Failure.usage(source + " is a directory; add -r to copy it with all that is in it");
            }
            return true;
        }
    }
}
