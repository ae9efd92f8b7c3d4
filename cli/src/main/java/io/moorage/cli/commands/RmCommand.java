package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes. */
@Command(name = "rm", description = "Removes files, or directories with -r.")
public final class RmCommand implements Callable<Integer> {
    /** The server answers when all is gone. */
    private static final Duration TREE = Duration.ofMinutes(30);

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "VOLUME:PATH")
    private List<String> places;

    @Option(
            names = {"-r", "--recursive"},
            description = "directories, with all that is in them")
    private boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "do not mind what is not there; allow a whole volume to be emptied")
    private boolean force;

    RmCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        List<RemotePath> paths = places.stream().map(RemotePath::parse).toList();
        paths.forEach(this::check);
        ApiClient api = session.client();
        long removed = 0;
        for (RemotePath path : paths) {
            removed += remove(api, path);
        }
        if (session.json()) {
            session.printJson(Map.of("removed", removed));
        }
        return ExitCode.DONE.number();
    }

    /** Before anything is removed. */
    private void check(RemotePath path) {
        if (path.isDirectory() && !recursive) {
            throw Failure.usage(path + " is a directory; add -r to remove it with all that is in it");
        }
        if (path.isVolume() && !force) {
            throw Failure.usage(path + " is all that is in volume " + path.volume()
                    + "; add -f if that is meant, or remove" + " the volume: moorage volume rm " + path.volume());
        }
    }

    private long remove(ApiClient api, RemotePath path) {
        long removed = path.isDirectory() ? 0 : removeFile(api, path);
        if (recursive) {
            removed += api.delete(ApiRequest.of("DELETE", path.directory().url() + "?recursive=true")
                            .allowSilence(TREE))
                    .path("deleted")
                    .asLong();
        }
        if (removed == 0 && !force) {
            boolean directory = !recursive && Listing.isDirectory(api, path);
            throw directory
                    ? Failure.usage(path + " is a directory; add -r to remove it with all that is in it")
                    : Failure.of(ExitCode.NOT_FOUND, "there is no " + path);
        }
        return removed;
    }

    private static long removeFile(ApiClient api, RemotePath path) {
        try {
            api.delete(ApiRequest.of("DELETE", path.url()));
            return 1;
        } catch (Failure e) {
            if (e.problem().equals("not-found")) {
                return 0;
            }
            throw e;
        }
    }
}
