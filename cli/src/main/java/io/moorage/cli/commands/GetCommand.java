package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.Download;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.Progress;
import io.moorage.cli.files.RemoteEntry;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.files.TransferReport;
import io.moorage.cli.files.TreeDownload;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Fetches files. */
@Command(
        name = "get",
        description = {
            "Fetches a file, or a directory tree with -r.",
            "A target that ends in '/', or is '.', is a directory to put it into; any other one is its new name."
                    + " A single file goes into a directory that is there already."
        })
public final class GetCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME:PATH")
    private String source;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            arity = "0..1",
            defaultValue = ".",
            description = "file, directory, or - for standard output (default: ${DEFAULT-VALUE})")
    private String target;

    @Mixin
    private TransferOptions options;

    GetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        RemotePath from = RemotePath.parse(source);
        options.check();
        ApiClient api = session.client();
        if (target.equals("-")) {
            Download download = new Download(api, new Progress(session.console(), "get", false), options.verify());
            download.toStream(from, download.find(from), session.console().bytes());
            return ExitCode.DONE.number();
        }
        TransferReport report;
        Duration elapsed;
        try (Progress progress = new Progress(session.console(), "get", !session.json())) {
            report = new TransferReport(line -> progress.interrupt(() -> session.warn(line)));
            Download download = new Download(api, progress, options.verify());
            if (options.recursive() && isTree(api, from)) {
                new TreeDownload(
                                api,
                                download,
                                progress,
                                report,
                                options.jobs(),
                                options.skipExisting(),
                                options.verify())
                        .get(from, into() ? Path.of(target).resolve(from.name()) : Path.of(target));
            } else {
                getFile(download, progress, report, from);
            }
            elapsed = progress.elapsed();
        }
        if (session.json()) {
            session.printJson(report.json(elapsed));
        } else {
            session.say(report.sentence("fetched", elapsed));
        }
        return report.exitCode().number();
    }

    private void getFile(Download download, Progress progress, TransferReport report, RemotePath from)
            throws IOException {
        RemoteEntry entry = download.find(from);
        Path to = Path.of(target);
        progress.expect(entry.size());
        download.toFile(from, entry, into() || Files.isDirectory(to) ? to.resolve(from.name()) : to);
        report.done(entry.size());
    }

    /** Whether the source is a directory. @throws Failure if it is nothing at all */
    private static boolean isTree(ApiClient api, RemotePath from) {
        if (!from.isDirectory() && Listing.find(api, from).isPresent()) {
            return false;
        }
        if (!Listing.isDirectory(api, from)) {
            throw Failure.of(ExitCode.NOT_FOUND, "there is no " + from);
        }
        return true;
    }

    private boolean into() {
        return target.endsWith("/") || target.equals(".") || target.equals("..") || target.endsWith("/.");
    }
}
