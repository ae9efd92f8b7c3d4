package io.moorage.api.kv;

import io.javalin.http.Context;
import io.moorage.api.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events (WHATWG HTML §9.2) on one response. Not thread-safe. */
final class EventStream {
    private final OutputStream out;

    EventStream(Context context) throws IOException {
        context.contentType("text/event-stream; charset=utf-8");
        context.header("Cache-Control", "no-store");
        context.header("X-Accel-Buffering", "no");
        out = context.res().getOutputStream();
        context.res().flushBuffer();
    }

    /** Whether a client asks for events rather than for one answer. */
    static boolean isWanted(Context context) {
        String accept = context.header("Accept");
        return accept != null && accept.contains("text/event-stream");
    }

    /** @param id where a client that comes again goes on */
    void send(String event, String id, Object data) throws IOException {
        // JSON has no line breaks of its own, so one data line holds it.
        String text = "event: " + event + "\nid: " + id + "\ndata: " + Exchange.JSON.writeValueAsString(data) + "\n\n";
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The connection is alive, and the client is told when it is not. */
    void flush() throws IOException {
        out.flush();
    }
}
