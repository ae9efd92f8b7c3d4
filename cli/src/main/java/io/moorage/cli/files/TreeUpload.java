package io.moorage.cli.files;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;

/** Stores a directory with all that is in it, several files at a time. */
public final class TreeUpload {
    private final ApiClient api;
    private final FileUpload upload;
    private final Progress progress;
    private final TransferReport report;
    private final int jobs;
    private final boolean followLinks;

    /** @param followLinks store what symbolic links lead to; otherwise they are named and left out */
    public TreeUpload(
            ApiClient api, FileUpload upload, Progress progress, TransferReport report, int jobs, boolean followLinks) {
        this.api = api;
        this.upload = upload;
        this.progress = progress;
        this.report = report;
        this.jobs = jobs;
        this.followLinks = followLinks;
    }

    /** @throws Failure if it makes no sense to go on; what goes wrong with single files is in the report */
    public void put(Path source, RemotePath target) throws IOException {
        // The name that was given may be a link itself: that one is meant.
        Path root = source.toRealPath();
        Set<FileVisitOption> options =
                followLinks ? EnumSet.of(FileVisitOption.FOLLOW_LINKS) : EnumSet.noneOf(FileVisitOption.class);
        Files.walkFileTree(root, options, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                progress.expect(attributes.isRegularFile() ? attributes.size() : 0);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        try (TransferPool pool = new TransferPool(jobs, report)) {
            Files.walkFileTree(root, options, Integer.MAX_VALUE, new Walk(root, target.directory(), pool));
            pool.finish();
        }
    }

    private void store(Path file, RemotePath target) throws IOException {
        var entry = upload.put(file, target);
        if (entry.isPresent()) {
            report.done(entry.get().path("size").asLong());
        } else {
            report.skipped();
            progress.expect(-Files.size(file));
        }
    }

    private final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final RemotePath target;
        private final TransferPool pool;
        /** For each directory on the way down: whether something in it makes it exist. */
        private final Deque<boolean[]> inhabited = new ArrayDeque<>();

        Walk(Path root, RemotePath target, TransferPool pool) {
            this.root = root;
            this.target = target;
            this.pool = pool;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            inhabited.push(new boolean[1]);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                inhabited.peek()[0] = true;
                pool.submit(file.toString(), () -> store(file, remote(file)));
            } else if (attributes.isSymbolicLink()) {
                report.leftOut(
                        file.toString(),
                        followLinks ? "is a symbolic link that leads nowhere" : "is a symbolic link (--follow-links)");
            } else {
                report.leftOut(file.toString(), "is neither a file nor a directory");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            pool.run(file.toString(), () -> {
                throw e;
            });
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            if (e != null) {
                visitFileFailed(directory, e);
            }
            boolean exists = inhabited.pop()[0];
            boolean top = inhabited.isEmpty();
            if (!exists && !(top && target.isVolume())) {
                pool.submit(directory.toString(), () -> {
                    RemotePath path = top ? target : remote(directory).directory();
                    api.send(ApiRequest.of("PUT", path.url()));
                });
            }
            if (!top) {
                inhabited.peek()[0] = true;
            }
            return FileVisitResult.CONTINUE;
        }

        private RemotePath remote(Path path) {
            StringBuilder key = new StringBuilder(target.key());
            String separator = "";
            for (Path part : root.relativize(path)) {
                String name = part.toString();
                if (name.indexOf('\ufffd') >= 0) {
                    throw Failure.of(ExitCode.USAGE, "the name is not UTF-8; rename it to store it");
                }
                key.append(separator).append(name);
                separator = "/";
            }
            return new RemotePath(target.volume(), key.toString());
        }
    }
}
