package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.SinkSubscriber;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fetches single files. When the connection breaks it goes on where it was, with the same version or not at all. Thread-safe.
 */
public final class Download {
    /** Unfinished files; gone when the program ends, however it does. */
    private static final Set<Path> PARTS = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> PARTS.forEach(Download::discard), "discard parts"));
    }

    private final ApiClient api;
    private final Progress progress;
    private final boolean verify;

    /** @param verify compare with the SHA-256 that is kept with the entry, if one is */
    public Download(ApiClient api, Progress progress, boolean verify) {
        this.api = api;
        this.progress = progress;
        this.verify = verify;
    }

    /** What is there. @throws Failure if it is not a file */
    public RemoteEntry find(RemotePath path) {
        Optional<JsonNode> found = path.isDirectory() ? Optional.empty() : Listing.find(api, path);
        if (found.isPresent()) {
            return RemoteEntry.of(found.get());
        }
        if (Listing.isDirectory(api, path)) {
            throw Failure.of(ExitCode.USAGE, path + " is a directory; add -r for all that is in it");
        }
        throw Failure.of(ExitCode.NOT_FOUND, "there is no " + path);
    }

    /**
     * Writes a file: first beside its target, then in its place, so that the target is never half of it.
     *
     * @param entry what was found under the path a moment ago
     */
    public void toFile(RemotePath source, RemoteEntry entry, Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            throw new FileAlreadyExistsException(target.toString(), null, "there is a directory of this name");
        }
        Files.createDirectories(absolute.getParent());
        Path part = absolute.resolveSibling(
                ".moorage-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        PARTS.add(part);
        try {
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                copy(source, entry, bytes -> {
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                });
            }
            LocalFile.restore(part, entry.metadata());
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            discard(part);
            PARTS.remove(part);
        }
        progress.fileDone();
    }

    /** Writes the content, as far as it comes. */
    public void toStream(RemotePath source, RemoteEntry entry, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        copy(source, entry, bytes -> {
            while (bytes.hasRemaining()) {
                int n = Math.min(buffer.length, bytes.remaining());
                bytes.get(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        });
        out.flush();
    }

    private void copy(RemotePath source, RemoteEntry entry, SinkSubscriber.Sink sink) throws IOException {
        Receiver receiver = new Receiver(sink);
        try {
            api.call(
                    () -> {
                        ApiRequest request = ApiRequest.of("GET", source.url()).header("If-Match", entry.etag());
                        return receiver.received == 0
                                ? request
                                : request.header("Range", "bytes=" + receiver.received + "-");
                    },
                    (info, activity) -> {
                        receiver.begin(info.statusCode());
                        return new SinkSubscriber(receiver::take, activity);
                    });
        } catch (Failure e) {
            if (e.problem().equals("precondition-failed")) {
                throw e.explained(source + " was replaced while it was read; get it again");
            }
            if (e.problem().equals("not-found")) {
                throw e.explained(source + " was removed while it was read");
            }
            // The connection broke right after the last byte.
            if (!e.problem().equals("range-not-satisfiable") || receiver.received != entry.size()) {
                throw e;
            }
        }
        if (receiver.received != entry.size()) {
            throw Failure.of(
                    ExitCode.FAILED,
                    source + " has " + entry.size() + " bytes, and " + receiver.received + " came; get it again");
        }
        if (verify
                && entry.sha256().isPresent()
                && !MessageDigest.isEqual(entry.sha256().get(), receiver.digest.digest())) {
            throw Failure.of(
                    ExitCode.FAILED,
                    "what came of " + source + " has another SHA-256 than what was stored; get it again, and if that"
                            + " is no remedy, look at `moorage status`");
        }
    }

    /** Counts and digests what comes, over all attempts. */
    private final class Receiver {
        private final SinkSubscriber.Sink sink;
        private final MessageDigest digest = Sha256.start();
        private long received;
        private long toSkip;

        Receiver(SinkSubscriber.Sink sink) {
            this.sink = sink;
        }

        /** An answer that is not partial begins at the beginning. */
        void begin(int status) {
            toSkip = status == 206 ? 0 : received;
        }

        void take(ByteBuffer bytes) throws IOException {
            int skip = (int) Math.min(toSkip, bytes.remaining());
            toSkip -= skip;
            bytes.position(bytes.position() + skip);
            int size = bytes.remaining();
            if (verify) {
                digest.update(bytes.duplicate());
            }
            sink.write(bytes);
            received += size;
            progress.moved(size);
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // It is named .moorage-….part, so that whoever finds it knows what it is.
        }
    }
}
