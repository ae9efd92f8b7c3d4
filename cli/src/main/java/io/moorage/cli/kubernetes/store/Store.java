package io.moorage.cli.kubernetes.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * All resources, in memory and in a file, with the last changes for watches that go on where they were cut.
 *
 * <p>Trees that were put in are never changed again, by nobody. Writers hold the store's monitor from what they read to what they
 * write; readers need nothing. Thread-safe.
 */
public final class Store implements AutoCloseable {
    /** Changes that are remembered; a watch that is further behind lists anew. */
    static final int REMEMBERED = 2_000;

    /** Changes that may wait for one watch. */
    public static final int MOST_WAITING = 5_000;

    private static final long REWRITE_ABOVE = 8L * 1024 * 1024;
    private static final int REWRITE_FACTOR = 4;
    /** Nobody misses them after a crash of the machine, and they are written all the time. */
    private static final Set<String> PASSING = Set.of("leases.coordination.k8s.io", "events");

    private final ConcurrentNavigableMap<Key, ObjectNode> objects = new ConcurrentSkipListMap<>();
    private final Deque<Change> recent = new ArrayDeque<>();
    private final Set<Consumer<Change>> listeners = ConcurrentHashMap.newKeySet();
    private final Journal journal;
    private volatile long version;
    private long forgotten;
    private long rewrittenSize;
    private long toForce;

    private Store(Path file) throws IOException {
        journal = Journal.open(file, this::replay);
        forgotten = version;
        rewrite();
    }

    /** @throws IOException if what is there is damaged, or cannot be read */
    public static Store open(Path file) throws IOException {
        return new Store(file);
    }

    private void replay(JsonNode change) {
        version = Math.max(version, change.path("version").asLong());
        if (change.has("resource")) {
            Key key = new Key(
                    change.path("resource").asText(),
                    change.path("namespace").asText(),
                    change.path("name").asText());
            if (change.get("object") instanceof ObjectNode object) {
                objects.put(key, object);
            } else {
                objects.remove(key);
            }
        }
    }

    public Optional<ObjectNode> get(Key key) {
        return Optional.ofNullable(objects.get(key));
    }

    /** @param namespace "" = of all namespaces */
    public List<ObjectNode> list(String resource, String namespace) {
        Key from = new Key(resource, namespace, "");
        Key to = namespace.isEmpty() ? new Key(resource + "\0", "", "") : new Key(resource, namespace + "\0", "");
        return new ArrayList<>(objects.subMap(from, true, to, false).values());
    }

    /** Everything. */
    public Map<Key, ObjectNode> all() {
        return objects;
    }

    /** Of the last change. */
    public long version() {
        return version;
    }

    /** Keeps an object, which gets a resource version, and belongs to the store from now on. */
    public synchronized ObjectNode put(Key key, ObjectNode object) {
        long next = version + 1;
        object.withObject("/metadata").put("resourceVersion", Long.toString(next));
        record(key, next, object);
        tell(new Change(next, key, objects.put(key, object), object));
        return object;
    }

    /** @return what was there, with the resource version of its removal */
    public synchronized Optional<ObjectNode> remove(Key key) {
        ObjectNode present = objects.get(key);
        if (present == null) {
            return Optional.empty();
        }
        long next = version + 1;
        ObjectNode last = present.deepCopy();
        last.withObject("/metadata").put("resourceVersion", Long.toString(next));
        record(key, next, null);
        objects.remove(key);
        tell(new Change(next, key, last, null));
        return Optional.of(last);
    }

    private void record(Key key, long next, ObjectNode object) {
        long number = journal.append(line(key, next, object));
        if (!PASSING.contains(key.resource())) {
            toForce = number;
        }
        version = next;
    }

    private static ObjectNode line(Key key, long version, ObjectNode object) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("version", version)
                .put("resource", key.resource())
                .put("namespace", key.namespace())
                .put("name", key.name());
        if (object != null) {
            line.set("object", object);
        }
        return line;
    }

    private void tell(Change change) {
        recent.addLast(change);
        if (recent.size() > REMEMBERED) {
            forgotten = recent.removeFirst().version();
        }
        listeners.forEach(listener -> listener.accept(change));
        if (journal.size() > REWRITE_ABOVE && journal.size() > REWRITE_FACTOR * rewrittenSize) {
            rewrite();
        }
    }

    private synchronized void rewrite() {
        List<ObjectNode> lines = new ArrayList<>();
        lines.add(JsonNodeFactory.instance.objectNode().put("version", version));
        objects.forEach((key, object) -> lines.add(
                line(key, object.path("metadata").path("resourceVersion").asLong(), object)));
        journal.rewrite(lines);
        rewrittenSize = journal.size();
    }

    /** Returns when everything that was written so far survives a crash of the machine. Not to be called within the monitor. */
    public void force() {
        long number;
        synchronized (this) {
            number = toForce;
        }
        journal.force(number);
    }

    /**
     * Tells a listener what has changed since a version, and then everything as it happens, within the monitor: it must be quick.
     *
     * @return false: that is too long ago, and the listener is told nothing
     */
    public synchronized boolean listen(long since, Consumer<Change> listener) {
        if (since < forgotten) {
            return false;
        }
        recent.stream().filter(change -> change.version() > since).forEach(listener);
        listeners.add(listener);
        return true;
    }

    public void forget(Consumer<Change> listener) {
        listeners.remove(listener);
    }

    @Override
    public synchronized void close() throws IOException {
        journal.close();
    }
}
