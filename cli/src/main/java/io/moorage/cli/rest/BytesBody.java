package io.moorage.cli.rest;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** A body in memory. */
public record BytesBody(byte[] bytes, int length) implements BodySource {
    public static final BytesBody NONE = new BytesBody(new byte[0], 0);

    @Override
    public BodyPublisher open(Activity activity) {
        return length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes, 0, length);
    }

    @Override
    public long size() {
        return length;
    }
}
