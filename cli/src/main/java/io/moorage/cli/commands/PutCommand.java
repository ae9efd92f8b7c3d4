package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.FileUpload;
import io.moorage.cli.files.Progress;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.files.StreamUpload;
import io.moorage.cli.files.TransferReport;
import io.moorage.cli.files.TreeUpload;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores files. */
@Command(
        name = "put",
        description = {
            "Stores files, directory trees, or standard input.",
            "A target that ends in '/', or is a whole volume (photos:), is a directory to put things into; any other one is"
                    + " the name to store under. A source that ends in '/.' stands for what is in it."
        })
public final class PutCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            arity = "2..*",
            paramLabel = "SOURCE... VOLUME:PATH",
            hideParamSyntax = true,
            description = "files, directories with -r, or - for standard input; and where to")
    private List<String> arguments;

    @Mixin
    private TransferOptions options;

    @Option(names = "--follow-links", description = "store what symbolic links lead to; otherwise they are left out")
    private boolean followLinks;

    PutCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        String last = arguments.get(arguments.size() - 1);
        List<String> sources = arguments.subList(0, arguments.size() - 1);
        RemotePath target = target(last, sources);
        boolean several = sources.size() > 1;
        if (several && !target.isDirectory()) {
            throw Failure.usage("several sources need a directory to go into: write " + target + "/");
        }
        options.check();
        for (String source : sources) {
            check(source, target);
        }
        ApiClient api = session.client();
        JsonNode only = null;
        TransferReport report;
        Duration elapsed;
        try (Progress progress = new Progress(session.console(), "put", !session.json())) {
            report = new TransferReport(line -> progress.interrupt(() -> session.warn(line)));
            FileUpload files = new FileUpload(api, progress, options.verify(), options.skipExisting());
            for (String source : sources) {
                only = put(api, progress, report, files, source, target).orElse(null);
            }
            elapsed = progress.elapsed();
        }
        if (session.json()) {
            Map<String, Object> json = report.json(elapsed);
            json.put("entry", several ? null : only);
            session.printJson(json);
        } else {
            session.say(report.sentence("stored", elapsed));
        }
        return report.exitCode().number();
    }

    private static RemotePath target(String last, List<String> sources) {
        try {
            return RemotePath.parse(last);
        } catch (Failure e) {
            boolean reversed =
                    sources.size() == 1 && sources.get(0).contains(":") && !Files.exists(Path.of(sources.get(0)));
            throw reversed
                    ? Failure.usage("put goes from this machine into a volume; the other way it is: moorage get "
                            + sources.get(0) + " " + last)
                    : e;
        }
    }

    /** Before anything is stored. */
    private void check(String source, RemotePath target) {
        if (source.equals("-")) {
            if (target.isDirectory()) {
                throw Failure.usage("standard input has no name: give the whole path, as in " + target + "NAME");
            }
            return;
        }
        Path path = Path.of(source);
        if (!Files.exists(path)) {
            throw Failure.of(ExitCode.NOT_FOUND, "there is no file " + source);
        }
        if (Files.isDirectory(path)) {
            if (!options.recursive()) {
                throw Failure.usage(source + " is a directory; add -r to store all that is in it");
            }
        } else if (!Files.isRegularFile(path)) {
            throw Failure.usage(
                    source + " is neither a file nor a directory; its content can be piped in: moorage put - " + target
                            + " < " + source);
        }
    }

    /** The entry, if it is one file. */
    private Optional<JsonNode> put(
            ApiClient api, Progress progress, TransferReport report, FileUpload files, String source, RemotePath target)
            throws IOException {
        if (source.equals("-")) {
            return Optional.of(putInput(api, progress, report, target));
        }
        Path path = Path.of(source);
        if (Files.isDirectory(path)) {
            RemotePath root = contentsOnly(source) || !target.isDirectory() ? target : target.child(name(path));
            new TreeUpload(api, files, progress, report, options.jobs(), followLinks).put(path, root);
            return Optional.empty();
        }
        RemotePath to = target.isDirectory() ? target.child(name(path)) : target;
        progress.expect(Files.size(path));
        Optional<JsonNode> entry = files.put(path, to);
        if (entry.isPresent()) {
            report.done(entry.get().path("size").asLong());
        } else {
            report.skipped();
        }
        return entry;
    }

    private JsonNode putInput(ApiClient api, Progress progress, TransferReport report, RemotePath target)
            throws IOException {
        JsonNode entry = new StreamUpload(api, progress, options.verify())
                .put(session.console().in(), target);
        report.done(entry.path("size").asLong());
        return entry;
    }

    private static boolean contentsOnly(String source) {
        return source.equals(".") || source.endsWith("/.");
    }

    private static String name(Path path) throws IOException {
        Path name = path.toAbsolutePath().normalize().getFileName();
        if (name == null) {
            throw Failure.usage("'" + path + "' has no name of its own: give the whole target");
        }
        return name.toString();
    }
}
