package io.moorage.cli.rest;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;

/** What a request carries. */
public interface BodySource {
    /** Bodies longer than this ask the server first whether it wants them. */
    long LARGE = 1024 * 1024;

    /**
     * The body from its beginning, once for each attempt.
     *
     * @throws NotRepeatableException if it is gone
     * @throws IOException if it cannot be read
     */
    BodyPublisher open(Activity activity) throws IOException;

    /** Bytes; -1 = not known. */
    long size();

    /** A second attempt is not possible. */
    final class NotRepeatableException extends IOException {
        private static final long serialVersionUID = 1L;

        public NotRepeatableException(String message) {
            super(message);
        }
    }
}
