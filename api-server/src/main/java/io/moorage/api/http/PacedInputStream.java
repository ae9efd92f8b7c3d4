package io.moorage.api.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A body that is given up when it trickles: one that is kept alive byte by byte would hold its place for ever. The rate counts
 * from the beginning, but not before some time has passed, so that short bodies are never judged.
 */
public final class PacedInputStream extends FilterInputStream {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long minBytesPerSecond;
    private final long start = System.nanoTime();
    private long bytes;

    /** @param minBytesPerSecond after the first 30 s */
    public PacedInputStream(InputStream body, long minBytesPerSecond) {
        super(body);
        this.minBytesPerSecond = minBytesPerSecond;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, length);
        count(Math.max(0, n));
        return n;
    }

    private void count(int more) throws IOException {
        bytes += more;
        long elapsed = System.nanoTime() - start;
        if (elapsed > GRACE_NANOS && bytes < minBytesPerSecond * (elapsed / 1_000_000_000)) {
            throw new IOException(
                    "the body comes more slowly than " + minBytesPerSecond + " bytes a second", new TimeoutException());
        }
    }
}
