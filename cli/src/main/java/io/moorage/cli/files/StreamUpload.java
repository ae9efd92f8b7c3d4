package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.Activity;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.BodySource;
import io.moorage.cli.rest.BytesBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.MessageDigest;

/**
 * Stores what comes from a pipe. Its first MiB is kept, so that a short one is sent like a file, and a long one can be tried
 * again as long as no more than that is gone; after that an attempt that fails is the last.
 */
public final class StreamUpload {
    private static final int KEPT = 1024 * 1024;

    private final ApiClient api;
    private final Progress progress;
    private final boolean verify;

    public StreamUpload(ApiClient api, Progress progress, boolean verify) {
        this.api = api;
        this.progress = progress;
        this.verify = verify;
    }

    /** @return the entry as it is stored now */
    public JsonNode put(InputStream source, RemotePath target) throws IOException {
        byte[] kept;
        try {
            kept = source.readNBytes(KEPT);
        } catch (IOException e) {
            throw unreadable(e);
        }
        ApiRequest request = ApiRequest.of("PUT", target.url());
        if (kept.length < KEPT) {
            if (verify) {
                MessageDigest digest = Sha256.start();
                request = request.header("Repr-Digest", Sha256.header(digest.digest(kept)));
            }
            JsonNode entry = api.send(request.body(new BytesBody(kept, kept.length)));
            progress.moved(kept.length);
            FileUpload.check("standard input", kept.length, entry);
            progress.fileDone();
            return entry;
        }
        Pipe pipe = new Pipe(kept, source);
        JsonNode entry = api.send(request.body(pipe));
        FileUpload.check("standard input", pipe.sent, entry);
        progress.fileDone();
        return entry;
    }

    private static Failure unreadable(IOException e) {
        return Failure.of(
                ExitCode.FAILED, "standard input cannot be read: " + e.getMessage() + "; nothing is stored", e);
    }

    /** A body of which only the beginning can be had twice. */
    private final class Pipe implements BodySource {
        private final byte[] kept;
        private final InputStream rest;
        private volatile boolean gone;
        private volatile long sent;

        Pipe(byte[] kept, InputStream rest) {
            this.kept = kept;
            this.rest = rest;
        }

        @Override
        public BodyPublisher open(Activity activity) throws IOException {
            if (gone) {
                throw new NotRepeatableException(
                        "the upload failed, and standard input cannot be read a second time; nothing is stored: send it"
                                + " once more, or put it into a file, whose upload is repeated by itself");
            }
            progress.moved(-sent);
            sent = 0;
            return BodyPublishers.ofInputStream(() -> new Reading(new ByteArrayInputStream(kept), activity));
        }

        @Override
        public long size() {
            return -1;
        }

        /** What is kept, then the rest. Waiting for whoever fills the pipe is not the server's silence. */
        private final class Reading extends InputStream {
            private final InputStream first;
            private final Activity activity;

            Reading(InputStream first, Activity activity) {
                this.first = first;
                this.activity = activity;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int n = first.read(bytes, offset, length);
                if (n < 0) {
                    gone = true;
                    activity.busy();
                    try {
                        n = rest.read(bytes, offset, length);
                    } catch (IOException e) {
                        // Not the network's fault, so that trying again is no remedy.
                        throw new IOException(unreadable(e));
                    } finally {
                        activity.idle();
                    }
                }
                if (n > 0) {
                    activity.moved(n);
                    progress.moved(n);
                    sent += n;
                }
                return n;
            }
        }
    }
}
