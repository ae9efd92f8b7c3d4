package io.moorage.bench;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** Bodies of requests. */
final class Bodies {
    private Bodies() {}

    /** Sends these bytes piece by piece; {@link BodyPublishers#ofByteArray} copies all of them when it begins. */
    static BodyPublisher of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static BodyPublisher of(byte[] bytes, int offset, int length) {
        return length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes, offset, length)), length);
    }
}
