package io.moorage.cli.files;

import io.moorage.cli.rest.Activity;
import io.moorage.cli.rest.BodySource;
import io.moorage.cli.rest.BytesBody;
import io.moorage.cli.rest.CountingPublisher;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The content of a file, as long as it keeps its size. */
final class FileBody implements BodySource {

    /** The file is not what it was when the upload began. */
    static final class ChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Path file;
    private final long size;
    private final Progress progress;
    private final AtomicLong counted = new AtomicLong();

    FileBody(Path file, long size, Progress progress) {
        this.file = file;
        this.size = size;
        this.progress = progress;
    }

    @Override
    public BodyPublisher open(Activity activity) throws IOException {
        forget();
        if (Files.size(file) != size) {
            throw new ChangedException();
        }
        if (size == 0) {
            return BytesBody.NONE.open(activity);
        }
        return new CountingPublisher(BodyPublishers.fromPublisher(BodyPublishers.ofFile(file), size), bytes -> {
            activity.moved(bytes);
            counted.addAndGet(bytes);
            progress.moved(bytes);
        });
    }

    /** What an attempt that failed has moved does not count. */
    void forget() {
        progress.moved(-counted.getAndSet(0));
    }

    @Override
    public long size() {
        return size;
    }
}
