package io.moorage.cli.files;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Fetches all that is in a directory of a volume, several files at a time. */
public final class TreeDownload {
    private final ApiClient api;
    private final Download download;
    private final Progress progress;
    private final TransferReport report;
    private final int jobs;
    private final boolean skipExisting;
    private final boolean verify;

    /**
     * @param skipExisting leave files that have the size and time already
     * @param verify and the same SHA-256, where one is kept
     */
    public TreeDownload(
            ApiClient api,
            Download download,
            Progress progress,
            TransferReport report,
            int jobs,
            boolean skipExisting,
            boolean verify) {
        this.api = api;
        this.download = download;
        this.progress = progress;
        this.report = report;
        this.jobs = jobs;
        this.skipExisting = skipExisting;
        this.verify = verify;
    }

    /** @throws Failure if it makes no sense to go on; what goes wrong with single files is in the report */
    public void get(RemotePath source, Path target) throws IOException {
        Path root = target.toAbsolutePath().normalize();
        Files.createDirectories(root);
        RemotePath directory = source.directory();
        try (TransferPool pool = new TransferPool(jobs, report)) {
            Listing.forEachEntry(api, directory, entry -> {
                progress.expect(entry.size());
                pool.submit(directory.volume() + ":" + entry.key(), () -> fetch(directory, entry, root));
            });
            pool.finish();
        }
    }

    private void fetch(RemotePath directory, RemoteEntry entry, Path root) throws IOException {
        Path target = local(root, entry.key().substring(directory.key().length()));
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        RemotePath path = new RemotePath(directory.volume(), entry.key());
        if (skipExisting && isThere(entry, target)) {
            progress.expect(-entry.size());
            report.skipped();
            return;
        }
        try {
            download.toFile(path, entry, target);
            report.done(entry.size());
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.CONFLICT) {
                throw e;
            }
            // Replaced since it was listed.
            RemoteEntry now = download.find(path);
            download.toFile(path, now, target);
            report.done(now.size());
        }
    }

    private boolean isThere(RemoteEntry entry, Path target) throws IOException {
        return Files.isRegularFile(target)
                && LocalFile.of(target).matches(entry)
                && (!verify
                        || entry.sha256().isEmpty()
                        || MessageDigest.isEqual(entry.sha256().get(), Sha256.of(target)));
    }

    /** Below the root, whatever the key says. */
    private static Path local(Path root, String relative) {
        try {
            Path path = root.resolve(relative).normalize();
            if (path.startsWith(root)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw Failure.of(ExitCode.FAILED, "this key is no file name here");
    }
}
