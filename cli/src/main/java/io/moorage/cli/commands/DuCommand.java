package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.RemoteEntry;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sums up a tree. */
@Command(name = "du", description = "Sums up what is in a directory of a volume.")
public final class DuCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "VOLUME[:PATH]")
    private String place;

    DuCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        RemotePath path = RemotePath.parseDirectory(place);
        ApiClient api = session.client();
        long[] bytesFilesDirectories = new long[3];
        Listing.EntryVisitor count = entry -> {
            bytesFilesDirectories[0] += entry.size();
            bytesFilesDirectories[entry.isDirectory() ? 2 : 1]++;
        };
        Optional<JsonNode> file = path.isDirectory() ? Optional.empty() : Listing.find(api, path);
        if (file.isPresent()) {
            count.visit(RemoteEntry.of(file.get()));
        } else {
            Listing.forEachEntry(api, path, count);
            if (bytesFilesDirectories[1] + bytesFilesDirectories[2] == 0 && !path.isVolume()) {
                throw Failure.of(ExitCode.NOT_FOUND, "there is no " + path);
            }
        }
        if (session.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("path", path.toString());
            json.put("bytes", bytesFilesDirectories[0]);
            json.put("files", bytesFilesDirectories[1]);
            session.printJson(json);
        } else {
            session.print(Sizes.show(bytesFilesDirectories[0]) + " in "
                    + Sizes.count(bytesFilesDirectories[1], "file", "files"));
        }
        return ExitCode.DONE.number();
    }
}
