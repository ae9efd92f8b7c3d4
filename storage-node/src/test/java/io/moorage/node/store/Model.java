package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Precondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a volume should do, in the plainest way: whole copies of a sorted map. Keys are ASCII, so strings sort as bytes do. */
final class Model {
    record Item(String content, long version, boolean directory) {}

    private TreeMap<String, Item> entries = new TreeMap<>();
    private final Map<Long, TreeMap<String, Item>> pinned = new TreeMap<>();
    private final Map<String, Long> pins = new TreeMap<>();

    /** Null: it succeeds. */
    ErrorCode apply(Command command, long version) {
        return switch (command.getOperationCase()) {
            case PUT ->
                put(
                        command.getPut().getKey(),
                        command.getPut().getContent().getInline(),
                        command.getPut().getPrecondition(),
                        version,
                        false);
            case APPEND ->
                put(
                        command.getAppend().getKey(),
                        command.getAppend().getContent().getInline(),
                        command.getAppend().getPrecondition(),
                        version,
                        true);
            case DELETE ->
                delete(command.getDelete().getKey(), command.getDelete().getPrecondition());
            case RENAME ->
                move(command.getRename().getFrom(), command.getRename().getTo(), version, true);
            case COPY -> move(command.getCopy().getFrom(), command.getCopy().getTo(), version, false);
            case DELETE_TREE -> {
                List<String> doomed = below(command.getDeleteTree().getPrefix());
                doomed.stream().limit(command.getDeleteTree().getLimit()).forEach(entries::remove);
                yield null;
            }
            case MAKE_DIRECTORY -> {
                entries.putIfAbsent(command.getMakeDirectory().getKey(), new Item("", version, true));
                yield null;
            }
            case REMOVE_DIRECTORY ->
                removeDirectory(command.getRemoveDirectory().getKey());
            case CREATE_PIN -> {
                String name = command.getCreatePin().getName();
                if (pins.containsKey(name)) {
                    yield ErrorCode.ERROR_CODE_ALREADY_EXISTS;
                }
                pins.put(name, version);
                pinned.put(version, new TreeMap<>(entries));
                yield null;
            }
            case RELEASE_PIN -> {
                Long released = pins.remove(command.getReleasePin().getName());
                if (released != null) {
                    pinned.remove(released);
                }
                yield null;
            }
            default -> null;
        };
    }

    TreeMap<String, Item> now() {
        return entries;
    }

    Map<Long, TreeMap<String, Item>> pinned() {
        return pinned;
    }

    private ErrorCode put(String key, ByteString bytes, Precondition condition, long version, boolean append) {
        Item old = entries.get(key);
        ErrorCode refused = check(condition, old);
        if (refused == null) {
            String before = append && old != null ? old.content : "";
            entries.put(key, new Item(before + bytes.toStringUtf8(), version, false));
        }
        return refused;
    }

    private ErrorCode delete(String key, Precondition condition) {
        ErrorCode refused = check(condition, entries.get(key));
        if (refused == null) {
            entries.remove(key);
        }
        return refused;
    }

    private ErrorCode removeDirectory(String key) {
        List<String> below = below(key);
        if (below.stream().anyMatch(k -> !k.equals(key))) {
            return ErrorCode.ERROR_CODE_NOT_EMPTY;
        }
        return entries.remove(key) == null ? ErrorCode.ERROR_CODE_NOT_FOUND : null;
    }

    private ErrorCode move(String from, String to, long version, boolean remove) {
        boolean tree = from.endsWith("/");
        if (tree != to.endsWith("/") || tree && to.startsWith(from)) {
            return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
        }
        List<String> found = tree ? below(from) : entries.containsKey(from) ? List.of(from) : List.of();
        if (found.isEmpty()) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        if (tree && below(to).stream().anyMatch(k -> !k.equals(to))) {
            return ErrorCode.ERROR_CODE_NOT_EMPTY;
        }
        if (from.equals(to)) {
            if (!remove) {
                entries.computeIfPresent(from, (k, i) -> new Item(i.content, version, i.directory));
            }
            return null;
        }
        TreeMap<String, Item> next = new TreeMap<>(entries);
        if (remove) {
            found.forEach(next::remove);
        }
        for (String key : found) {
            Item item = entries.get(key);
            next.put(to + key.substring(from.length()), new Item(item.content, version, item.directory));
        }
        entries = next;
        return null;
    }

    private List<String> below(String prefix) {
        List<String> keys = new ArrayList<>();
        entries.tailMap(prefix).keySet().stream()
                .takeWhile(k -> k.startsWith(prefix))
                .forEach(keys::add);
        return keys;
    }

    private static ErrorCode check(Precondition condition, Item old) {
        boolean holds = !(condition.getMustExist() && old == null)
                && !(condition.getMustNotExist() && old != null)
                && !(condition.getVersionAnyOfCount() > 0
                        && (old == null || !condition.getVersionAnyOfList().contains(old.version)));
        return holds ? null : ErrorCode.ERROR_CODE_PRECONDITION_FAILED;
    }
}
