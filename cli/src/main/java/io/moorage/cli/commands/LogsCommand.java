package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.process.LogTail;
import io.moorage.cli.process.ManagedProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a log. */
@Command(name = "logs", description = "Shows the log of a storage node, of `api`, or of `supervisor`.")
public final class LogsCommand implements Callable<Integer> {
    private static final int CHUNK = 64 * 1024;
    private static final long LOOK_EVERY_MILLIS = 250;

    private final Session session;

    @Parameters(paramLabel = "NODE", description = "name of a node, api, or supervisor")
    private String name;

    @Option(
            names = "-n",
            paramLabel = "LINES",
            defaultValue = "100",
            description = "how many lines (default: ${DEFAULT-VALUE})")
    private int lines;

    @Option(names = "-f", description = "go on as it grows")
    private boolean follow;

    LogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ManagedProcess process = session.cluster().process(name);
        Path log = process.logFile();
        List<String> output = LogTail.of(process.outputFile(), lines);
        if (!Files.exists(log) && output.isEmpty()) {
            throw Failure.of(ExitCode.NOT_FOUND, process.name() + " has no log yet: it was never started");
        }
        long position = Files.exists(log) ? Files.size(log) : 0;
        LogTail.of(log, lines).forEach(session::print);
        // What it said outside of its log, mostly why it could not start.
        output.forEach(session::print);
        if (follow) {
            follow(log, position);
        }
        return ExitCode.DONE.number();
    }

    private void follow(Path log, long from) throws IOException, InterruptedException {
        OutputStream out = session.console().bytes();
        out.flush();
        byte[] chunk = new byte[CHUNK];
        long position = from;
        while (true) {
            if (Files.exists(log)) {
                try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                    if (file.length() < position) {
                        // A new one has begun.
                        position = 0;
                    }
                    file.seek(position);
                    for (int n = file.read(chunk); n > 0; n = file.read(chunk)) {
                        out.write(chunk, 0, n);
                        position += n;
                    }
                }
                out.flush();
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
