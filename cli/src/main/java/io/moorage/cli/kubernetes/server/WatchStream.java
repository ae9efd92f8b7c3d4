package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.store.Change;
import io.moorage.cli.kubernetes.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * An answer that goes on: one line for each change. Nothing waits for the client; one that does not keep up is cut, and goes on
 * from the version that it has seen. Thread-safe.
 */
final class WatchStream {
    /** Events that wait for the client, at most. */
    private static final int MOST = Store.MOST_WAITING;

    /**
     * What is watched.
     *
     * @param namespace "" = all
     */
    record Filter(ResourceType type, String namespace, Predicate<JsonNode> selected) {
        boolean concerns(Change change) {
            return change.key().resource().equals(type.resource())
                    && (namespace.isEmpty() || change.key().namespace().equals(namespace));
        }
    }

    private final Store store;
    private final Filter filter;
    private final Rendering rendering;
    private final Rendering.Request form;
    private final boolean bookmarks;
    private final Content.Sink sink;
    private final Callback done;
    private final Consumer<WatchStream> ended;
    private final Consumer<Change> listener = this::changed;
    private final Queue<JsonNode> waiting = new ArrayDeque<>();
    private boolean described;
    private boolean writing;
    private boolean ending;
    private boolean over;

    WatchStream(
            Store store,
            Filter filter,
            Rendering rendering,
            Rendering.Request form,
            boolean bookmarks,
            Content.Sink sink,
            Callback done,
            Consumer<WatchStream> ended) {
        this.store = store;
        this.filter = filter;
        this.rendering = rendering;
        this.form = form;
        this.bookmarks = bookmarks;
        this.sink = sink;
        this.done = done;
        this.ended = ended;
    }

    /** Sends the head of the answer, so that the client knows that it is being told. */
    void open() {
        writing = true;
        sink.write(false, null, Callback.from(this::written, this::fail));
    }

    /**
     * @param since "" or "0": everything that is there now comes first
     * @param initial whether everything that is there comes first, with a bookmark at its end
     */
    void start(String since, boolean initial) {
        boolean all = initial || since.isEmpty() || since.equals("0");
        synchronized (store) {
            long version = store.version();
            if (all) {
                store.list(filter.type().resource(), filter.namespace()).stream()
                        .filter(filter.selected())
                        .forEach(object -> offer(event("ADDED", object), true));
                if (initial) {
                    ObjectNode bookmark = bookmark(version);
                    ((ObjectNode) bookmark.at("/object/metadata"))
                            .putObject("annotations")
                            .put("k8s.io/initial-events-end", "true");
                    offer(bookmark, true);
                }
            } else {
                version = Long.parseLong(since);
            }
            if (!store.listen(version, listener)) {
                offer(gone(since), true);
                end();
            } else if (bookmarks && !initial) {
                // Some clients believe that they are being told once there is a first line.
                offer(bookmark(store.version()), true);
            }
        }
        pump();
    }

    private void changed(Change change) {
        if (!filter.concerns(change)) {
            return;
        }
        boolean was = change.before() != null && filter.selected().test(change.before());
        boolean is = change.after() != null && filter.selected().test(change.after());
        if (!was && !is) {
            return;
        }
        ObjectNode object = change.after();
        if (!is) {
            object = change.before().deepCopy();
            object.withObject("/metadata").put("resourceVersion", Long.toString(change.version()));
        }
        offer(event(!is ? "DELETED" : was ? "MODIFIED" : "ADDED", object), false);
        pump();
    }

    private ObjectNode event(String type, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        if (form.form() == Rendering.Form.TABLE) {
            synchronized (this) {
                String version = object.at("/metadata/resourceVersion").asText();
                event.set(
                        "object", rendering.table(filter.type(), java.util.List.of(object), version, form, !described));
                described = true;
            }
        } else {
            event.set("object", rendering.one(filter.type(), object, form));
        }
        return event;
    }

    private ObjectNode bookmark(long version) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "BOOKMARK");
        ObjectNode object = event.putObject("object");
        if (form.form() == Rendering.Form.TABLE) {
            object.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
            object.putArray("columnDefinitions");
            object.putArray("rows");
        } else {
            object.put("kind", filter.type().kind())
                    .put("apiVersion", filter.type().apiVersion());
        }
        object.putObject("metadata").put("resourceVersion", Long.toString(version));
        return event;
    }

    private static ObjectNode gone(String since) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "ERROR");
        event.set(
                "object",
                new StatusException(410, "Expired", "too old resource version: " + since + "; list anew").json());
        return event;
    }

    /** Tells the client how far it is; a client that is gone is noticed by that. */
    void beat() {
        if (bookmarks) {
            synchronized (store) {
                offer(bookmark(store.version()), false);
            }
            pump();
        }
    }

    private synchronized void offer(JsonNode event, boolean first) {
        if (over || ending) {
            return;
        }
        if (!first && waiting.size() >= MOST) {
            ending = true;
            waiting.clear();
            return;
        }
        waiting.add(event);
    }

    /** Ends the answer when what waits is written. */
    void end() {
        synchronized (this) {
            ending = true;
        }
        pump();
    }

    private void pump() {
        byte[] lines = null;
        synchronized (this) {
            if (writing || over || waiting.isEmpty() && !ending) {
                return;
            }
            writing = true;
            if (!waiting.isEmpty()) {
                StringBuilder text = new StringBuilder();
                waiting.forEach(event -> text.append(event).append('\n'));
                waiting.clear();
                lines = text.toString().getBytes(StandardCharsets.UTF_8);
            }
        }
        if (lines == null) {
            sink.write(true, null, Callback.from(this::finish, this::fail));
        } else {
            sink.write(false, ByteBuffer.wrap(lines), Callback.from(this::written, this::fail));
        }
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        pump();
    }

    private void finish() {
        close();
        done.succeeded();
    }

    private void fail(Throwable cause) {
        close();
        done.failed(cause);
    }

    private void close() {
        synchronized (this) {
            over = true;
            waiting.clear();
        }
        store.forget(listener);
        ended.accept(this);
    }
}
