package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.ByteProgress;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.files.Transfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores files. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = "Stores files, directory trees, or standard input.")
public final class PutCommand implements Callable<Integer> {
    @Mixin
    private Session session;

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description = "files, directories with -r, or - for standard input")
    private List<String> arguments;

    @Option(
            names = {"-r", "--recursive"},
            description = "directories with all that is in them")
    private boolean recursive;

    @Option(names = "--jobs", defaultValue = "4", description = "files at a time (default: ${DEFAULT-VALUE})")
    private int jobs;

    @Override
    public Integer call() throws IOException {
        if (arguments.size() < 2) {
            throw Failure.of(Failure.USAGE, "where to? Write: moorage put SOURCE... VOLUME:PATH");
        }
        RemotePath target = RemotePath.parse(arguments.get(arguments.size() - 1));
        List<String> sources = arguments.subList(0, arguments.size() - 1);
        try (ByteProgress progress = session.progress("put");
                Transfers transfers = new Transfers(session.client(), progress, jobs)) {
            for (String source : sources) {
                put(transfers, source, target, sources.size() > 1);
            }
            if (!session.json()) {
                session.say("stored " + transfers.files() + (transfers.files() == 1 ? " file" : " files"));
            } else if (sources.size() > 1 || recursive) {
                session.printJson(Map.of("files", transfers.files()));
            }
        }
        return 0;
    }

    private void put(Transfers transfers, String source, RemotePath target, boolean several) throws IOException {
        if (source.equals("-")) {
            if (target.isDirectory()) {
                throw Failure.of(
                        Failure.USAGE, "standard input has no name: give the whole path, as in " + target + "NAME");
            }
            show(transfers.putStream(System.in, target));
            return;
        }
        Path path = Path.of(source);
        if (Files.isDirectory(path)) {
            if (!recursive) {
                throw Failure.of(Failure.USAGE, source + " is a directory; add -r to store all that is in it");
            }
            boolean within = several || target.key().endsWith("/");
            RemotePath root = within
                    ? target.child(
                            path.toAbsolutePath().normalize().getFileName().toString())
                    : target;
            transfers.putTree(path, root, session::say);
        } else if (Files.isRegularFile(path)) {
            RemotePath to = several || target.isDirectory()
                    ? target.directory().child(path.getFileName().toString())
                    : target;
            show(transfers.putFile(path, to));
        } else {
            throw Failure.of(Failure.NOT_FOUND, "there is no file " + source);
        }
    }

    private void show(JsonNode entry) {
        if (session.json()) {
            session.printJson(entry);
        }
    }
}
