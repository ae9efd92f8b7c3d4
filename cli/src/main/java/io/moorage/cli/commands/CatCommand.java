package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.files.Download;
import io.moorage.cli.files.Progress;
import io.moorage.cli.files.RemotePath;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes files to standard output. */
@Command(name = "cat", description = "Writes files to standard output, one after the other.")
public final class CatCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "VOLUME:PATH")
    private List<String> sources;

    CatCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        Download download = new Download(session.client(), new Progress(session.console(), "cat", false), true);
        for (String source : sources) {
            RemotePath path = RemotePath.parse(source);
            download.toStream(path, download.find(path), session.console().bytes());
        }
        return ExitCode.DONE.number();
    }
}
