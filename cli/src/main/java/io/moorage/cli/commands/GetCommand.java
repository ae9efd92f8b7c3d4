package io.moorage.cli.commands;

import io.moorage.cli.Session;
import io.moorage.cli.files.ByteProgress;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.files.Transfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches files. */
@Command(name = "get", mixinStandardHelpOptions = true, description = "Fetches a file, or a directory tree with -r.")
public final class GetCommand implements Callable<Integer> {
    @Mixin
    private Session session;

    @Parameters(index = "0", paramLabel = "VOLUME:PATH")
    private String source;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            arity = "0..1",
            description = "file, directory, or - for standard output")
    private String target;

    @Option(
            names = {"-r", "--recursive"},
            description = "a directory with all that is in it")
    private boolean recursive;

    @Option(names = "--jobs", defaultValue = "4", description = "files at a time (default: ${DEFAULT-VALUE})")
    private int jobs;

    @Override
    public Integer call() throws IOException {
        RemotePath from = RemotePath.parse(source);
        try (ByteProgress progress = session.progress("get");
                Transfers transfers = new Transfers(session.client(), progress, jobs)) {
            if ("-".equals(target)) {
                transfers.copy(from, System.out);
                System.out.flush();
                return 0;
            }
            Path to = Path.of(target == null ? "." : target);
            if (recursive || from.isDirectory()) {
                transfers.getTree(from, to);
            } else {
                transfers.getFile(from, Files.isDirectory(to) ? to.resolve(from.name()) : to);
            }
            if (session.json()) {
                session.printJson(Map.of("files", transfers.files()));
            } else {
                session.say("fetched " + transfers.files() + (transfers.files() == 1 ? " file" : " files"));
            }
        }
        return 0;
    }
}
