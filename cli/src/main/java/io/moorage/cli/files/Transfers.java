package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Copies files and trees between this machine and a volume. */
public final class Transfers implements AutoCloseable {
    private static final int RESUMES = 10;

    private final ApiClient api;
    private final ByteProgress progress;
    private final ExecutorService executor;
    /** Keeps the queue of a large tree short. */
    private final Semaphore queue;

    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicInteger files = new AtomicInteger();

    public Transfers(ApiClient api, ByteProgress progress, int jobs) {
        this.api = api;
        this.progress = progress;
        this.executor = Executors.newFixedThreadPool(jobs);
        this.queue = new Semaphore(jobs * 4);
    }

    /** Files copied so far. */
    public int files() {
        return files.get();
    }

    public JsonNode putFile(Path source, RemotePath target) {
        Map<String, String> headers = new TreeMap<>();
        try {
            headers.put(
                    "X-Moorage-Meta-mtime",
                    Files.getLastModifiedTime(source).toInstant().toString());
            headers.put("X-Moorage-Meta-mode", PosixFilePermissions.toString(Files.getPosixFilePermissions(source)));
            String type = Files.probeContentType(source);
            if (type != null) {
                headers.put("Content-Type", type);
            }
            long size = Files.size(source);
            JsonNode entry = api.put(target.url(), headers, () -> {
                try {
                    return progress.publishing(HttpRequest.BodyPublishers.ofFile(source), size);
                } catch (FileNotFoundException e) {
                    throw new UncheckedIOException(e);
                }
            });
            files.incrementAndGet();
            return entry;
        } catch (IOException e) {
            throw Failure.of(Failure.FAILED, source + " cannot be read: " + e.getMessage());
        }
    }

    /** From standard input, which cannot be read twice: not repeated. */
    public JsonNode putStream(InputStream source, RemotePath target) {
        boolean[] used = {false};
        JsonNode entry = api.put(target.url(), Map.of(), () -> {
            if (used[0]) {
                throw Failure.of(
                        Failure.UNAVAILABLE,
                        "the upload failed, and standard input cannot be read again: send it once more");
            }
            used[0] = true;
            return HttpRequest.BodyPublishers.ofInputStream(() -> source);
        });
        files.incrementAndGet();
        return entry;
    }

    /** All regular files below a directory. Links and special files are named and left out. */
    public void putTree(Path source, RemotePath target, java.util.function.Consumer<String> warn) throws IOException {
        try (var paths = Files.walk(source)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                String relative = source.relativize(path).toString().replace(java.io.File.separatorChar, '/');
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    submit(() -> putFile(path, target.directory().child(relative)));
                } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    try (var children = Files.list(path)) {
                        if (children.findAny().isEmpty()) {
                            RemotePath directory = relative.isEmpty()
                                    ? target.directory()
                                    : target.directory().child(relative + "/");
                            submit(() -> api.put(directory.url(), Map.of(), HttpRequest.BodyPublishers::noBody));
                        }
                    }
                } else {
                    warn.accept(path + " is not a regular file, and is left out");
                }
            }
        }
        await();
    }

    /** To a temporary file beside the target, which then takes its place. */
    public void getFile(RemotePath source, Path target) {
        try {
            Path absolute = target.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".moorage-part");
            HttpResponse<InputStream> response;
            try (OutputStream out = Files.newOutputStream(temporary)) {
                response = copy(source, out);
            }
            restore(temporary, response);
            Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            files.incrementAndGet();
        } catch (IOException e) {
            throw Failure.of(Failure.FAILED, target + " cannot be written: " + e.getMessage());
        }
    }

    /** Writes the content; goes on where it stopped when the connection breaks. */
    public HttpResponse<InputStream> copy(RemotePath source, OutputStream out) throws IOException {
        long done = 0;
        String etag = null;
        for (int attempt = 0; ; attempt++) {
            HttpResponse<InputStream> response = api.open(source.url(), done);
            String now = response.headers().firstValue("ETag").orElse("");
            if (etag != null && !etag.equals(now)) {
                throw Failure.of(Failure.CONFLICT, source + " was replaced while it was read; get it again");
            }
            etag = now;
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            progress.expect(length, attempt > 0);
            long end = length < 0 ? -1 : done + length;
            try (InputStream in = response.body()) {
                byte[] buffer = new byte[256 * 1024];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                    done += n;
                    progress.add(n);
                }
                if (end < 0 || done == end) {
                    return response;
                }
            } catch (IOException e) {
                if (attempt == RESUMES) {
                    throw e;
                }
            }
        }
    }

    /** All files below a directory of a volume. */
    public void getTree(RemotePath source, Path target) throws IOException {
        Path root = target.toAbsolutePath().normalize();
        Files.createDirectories(root);
        Listing.forEach(api, source, true, entry -> {
            String key = entry.get("key").asText();
            String relative = key.substring(source.directory().key().length());
            Path path = root.resolve(relative).normalize();
            if (relative.isEmpty() || !path.startsWith(root)) {
                return;
            }
            if (entry.get("kind").asText().equals("directory")) {
                try {
                    Files.createDirectories(path);
                } catch (IOException e) {
                    throw Failure.of(Failure.FAILED, path + " cannot be made: " + e.getMessage());
                }
            } else {
                submit(() -> getFile(new RemotePath(source.volume(), key), path));
            }
        });
        await();
    }

    private void submit(Runnable work) {
        try {
            queue.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(Failure.FAILED, "interrupted");
        }
        running.removeIf(future -> future.isDone() && check(future));
        running.add(executor.submit(() -> {
            try {
                work.run();
            } finally {
                queue.release();
            }
        }));
    }

    private void await() {
        running.forEach(Transfers::check);
        running.clear();
    }

    /** True; throws what it failed with. */
    private static boolean check(Future<?> future) {
        try {
            future.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(Failure.FAILED, "interrupted");
        }
    }

    private static void restore(Path file, HttpResponse<InputStream> response) throws IOException {
        var mode = response.headers().firstValue("X-Moorage-Meta-mode").map(Transfers::decode);
        if (mode.isPresent() && mode.get().matches("[rwx-]{9}")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode.get()));
        }
        var mtime = response.headers().firstValue("X-Moorage-Meta-mtime").map(Transfers::decode);
        if (mtime.isPresent()) {
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse(mtime.get())));
            } catch (java.time.format.DateTimeParseException e) {
                // Somebody else's metadata of the same name.
            }
        }
    }

    private static String decode(String value) {
        return java.net.URLDecoder.decode(value, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
