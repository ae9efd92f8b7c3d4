package io.moorage.api.kv;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** Bodies that are held in memory, of all requests together within a bound. Thread-safe. */
final class LargeBodies {
    private static final int TOTAL_KIB = 64 * 1024;

    private final Semaphore kib = new Semaphore(TOTAL_KIB);

    /** What is done with a body. */
    interface Use {
        void with(byte[] body) throws IOException;
    }

    /** @throws Problem 413, or 503 if too much is held already */
    void read(Exchange exchange, int maxBytes, Use use) throws IOException {
        long announced = exchange.context().req().getContentLengthLong();
        if (announced > maxBytes) {
            throw tooLarge(announced + "", maxBytes);
        }
        int permits = (int) ((announced < 0 ? maxBytes : announced) / 1024) + 1;
        if (!kib.tryAcquire(permits)) {
            throw new Problem(503, "slow-down", "this server is holding as many values in memory as it may")
                    .header("Retry-After", "1");
        }
        try {
            byte[] body = exchange.bodyStream().readNBytes(maxBytes + 1);
            if (body.length > maxBytes) {
                throw tooLarge("more than " + maxBytes, maxBytes);
            }
            if (announced >= 0 && body.length < announced) {
                throw new Problem(400, "length-mismatch", "the body ended before it was complete; nothing was stored");
            }
            use.with(body);
        } finally {
            kib.release(permits);
        }
    }

    private static Problem tooLarge(String has, int max) {
        return new Problem(
                413, "too-large", "the body has " + has + " bytes, and at most " + max + " are allowed here");
    }
}
