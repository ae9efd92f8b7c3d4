package io.moorage.api.kv;

import io.moorage.api.http.Problem;
import io.moorage.client.CallOptions;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.Position;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeKind;
import io.moorage.protocol.v1.EntryKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Changes and positions in them, as JSON has them. */
public final class ChangeJson {
    private ChangeJson() {}

    public static Map<String, Object> page(ChangeSet set) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("items", set.changes().stream().map(ChangeJson::of).toList());
        json.put("next", set.next().toString());
        json.put("more", set.more());
        json.put("horizon", Long.toString(set.feed().getHorizon()));
        return json;
    }

    public static Map<String, Object> of(Change change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", change.getVersion() + "-" + Integer.toUnsignedString(change.getOrdinal()));
        json.put("version", Long.toString(change.getVersion()));
        json.put("kind", kind(change.getKind()));
        json.put("key", change.getKey());
        if (!change.getOtherKey().isEmpty()) {
            json.put("otherKey", change.getOtherKey());
        }
        json.put("entry", change.getEntryKind() == EntryKind.ENTRY_KIND_DIRECTORY ? "directory" : "file");
        json.put("size", change.getSize());
        if (change.getDeleteMarker()) {
            json.put("deleteMarker", true);
        }
        if (change.getPreviousVersion() != 0) {
            json.put("previousVersion", Long.toString(change.getPreviousVersion()));
        }
        if (change.getLeaseId() != 0) {
            json.put("lease", Long.toString(change.getLeaseId()));
        }
        json.put("time", Instant.ofEpochMilli(change.getTimeMs()).toString());
        if (change.getHasValue()) {
            ValueJson.put(json, change.getValue());
        }
        return json;
    }

    static String kind(ChangeKind kind) {
        String[] words = kind.name().substring("CHANGE_KIND_".length()).split("_");
        StringBuilder name = new StringBuilder(words[0].toLowerCase(Locale.ROOT));
        for (int i = 1; i < words.length; i++) {
            name.append(words[i].charAt(0)).append(words[i].substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** "oldest", "now", or a position. */
    public static Optional<Position> since(String since, Kv kv) {
        switch (since) {
            case "oldest":
                return Optional.empty();
            case "now":
                return Optional.of(
                        Position.after(kv.await(0, CallOptions.DEFAULT).getAppliedVersion()));
            default:
                return Optional.of(position(since));
        }
    }

    /** @throws Problem 400 unless it is one */
    public static Position position(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(
                    "position '" + text + "' must be oldest, now, a version, or the id of a change (such as 8192-0)");
        }
    }
}
