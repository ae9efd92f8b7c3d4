package io.moorage.node.store;

import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Compose;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.DeleteVersion;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Part;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.SetAttributes;
import io.moorage.protocol.v1.SetLock;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a volume whose directories keep versions should do, in the plainest way: a list of versions for each key, the newest
 * first, and whole copies for pins. Keys are ASCII, so strings sort as bytes do.
 */
final class VersionModel {
    /** @param content null = delete marker */
    record Version(
            long version, String content, boolean versioned, TreeMap<String, String> attributes, ObjectLock lock) {
        boolean marker() {
            return content == null;
        }

        Version with(TreeMap<String, String> changed) {
            return new Version(version, content, versioned, changed, lock);
        }

        Version with(ObjectLock changed) {
            return new Version(version, content, versioned, attributes, changed);
        }
    }

    private final TreeMap<String, List<Version>> chains = new TreeMap<>();
    private final Map<String, VersioningState> states = new HashMap<>();
    private final Map<String, Long> pins = new TreeMap<>();
    private final Map<Long, TreeMap<String, Version>> pinned = new TreeMap<>();
    private long timeMs;

    TreeMap<String, List<Version>> chains() {
        return chains;
    }

    Map<Long, TreeMap<String, Version>> pinned() {
        return pinned;
    }

    /** What lists show: visible keys whose newest version is no delete marker. */
    TreeMap<String, Version> now() {
        TreeMap<String, Version> now = new TreeMap<>();
        chains.forEach((key, chain) -> {
            if (!KeyRules.isHidden(key) && current(key) != null) {
                now.put(key, current(key));
            }
        });
        return now;
    }

    Version current(String key) {
        List<Version> chain = chains.getOrDefault(key, List.of());
        return chain.isEmpty() || chain.get(0).marker() ? null : chain.get(0);
    }

    /** Null: it succeeds. */
    ErrorCode apply(Command command, long version, long groupTimeMs) {
        timeMs = groupTimeMs;
        return switch (command.getOperationCase()) {
            case PUT ->
                write(
                        command.getPut().getKey(),
                        command.getPut().getContent().getInline().toStringUtf8(),
                        attributes(command.getPut().getAttributesList()),
                        version);
            case APPEND -> {
                Version old = current(command.getAppend().getKey());
                yield write(
                        command.getAppend().getKey(),
                        (old == null ? "" : old.content)
                                + command.getAppend().getContent().getInline().toStringUtf8(),
                        old == null ? new TreeMap<>() : old.attributes,
                        version);
            }
            case DELETE -> delete(command.getDelete().getKey(), version);
            case DELETE_TREE -> deleteTree(command.getDeleteTree(), version);
            case RENAME -> rename(command.getRename(), version);
            case COPY -> copy(command.getCopy(), version);
            case COMPOSE -> compose(command.getCompose(), version);
            case SET_ATTRIBUTES -> setAttributes(command.getSetAttributes());
            case SET_LOCK -> setLock(command.getSetLock());
            case SET_VERSIONING ->
                setVersioning(
                        command.getSetVersioning().getDirectory(),
                        command.getSetVersioning().getState());
            case DELETE_VERSION -> deleteVersion(command.getDeleteVersion());
            case CREATE_PIN -> {
                if (pins.putIfAbsent(command.getCreatePin().getName(), version) != null) {
                    yield ErrorCode.ERROR_CODE_ALREADY_EXISTS;
                }
                pinned.put(version, now());
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

    private ErrorCode write(String key, String content, TreeMap<String, String> attributes, long version) {
        if (lockedAgainstReplacing(key)) {
            return ErrorCode.ERROR_CODE_LOCKED;
        }
        makeRoom(key);
        boolean enabled = state(key) == VersioningState.VERSIONING_STATE_ENABLED;
        chain(key).add(0, new Version(version, content, enabled, attributes, ObjectLock.getDefaultInstance()));
        return null;
    }

    private ErrorCode delete(String key, long version) {
        if (lockedAgainstReplacing(key)) {
            return ErrorCode.ERROR_CODE_LOCKED;
        }
        makeRoom(key);
        if (state(key) != VersioningState.VERSIONING_STATE_UNVERSIONED) {
            boolean enabled = state(key) == VersioningState.VERSIONING_STATE_ENABLED;
            chain(key).add(0, new Version(version, null, enabled, new TreeMap<>(), ObjectLock.getDefaultInstance()));
        }
        tidy(key);
        return null;
    }

    private ErrorCode deleteTree(DeleteTree delete, long version) {
        List<String> doomed =
                below(delete.getPrefix()).stream().limit(delete.getLimit()).toList();
        if (doomed.stream().anyMatch(this::lockedAgainstReplacing)) {
            return ErrorCode.ERROR_CODE_LOCKED;
        }
        doomed.forEach(key -> delete(key, version));
        return null;
    }

    private ErrorCode rename(Rename rename, long version) {
        boolean tree = rename.getFrom().endsWith("/");
        if (tree && rename.getTo().startsWith(rename.getFrom())) {
            return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
        }
        List<String> found = tree
                ? below(rename.getFrom())
                : current(rename.getFrom()) == null ? List.of() : List.of(rename.getFrom());
        if (found.isEmpty()) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        if (tree && !below(rename.getTo()).isEmpty()) {
            return ErrorCode.ERROR_CODE_NOT_EMPTY;
        }
        if (rename.getFrom().equals(rename.getTo())) {
            return null;
        }
        for (String from : found) {
            String to = rename.getTo() + from.substring(rename.getFrom().length());
            if (lockedAgainstReplacing(from) || lockedAgainstReplacing(to)) {
                return ErrorCode.ERROR_CODE_LOCKED;
            }
        }
        for (String from : found) {
            Version source = current(from);
            delete(from, version);
            write(
                    rename.getTo() + from.substring(rename.getFrom().length()),
                    source.content,
                    source.attributes,
                    version);
        }
        return null;
    }

    private ErrorCode copy(Copy copy, long version) {
        Version source = select(copy.getFrom(), copy.getSourceVersion());
        if (source == null) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        if (source.marker()) {
            return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
        }
        String content = source.content;
        if (copy.hasRange()) {
            long end = copy.getRange().getOffset() + copy.getRange().getLength();
            if (end > content.length()) {
                return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
            }
            content = content.substring((int) copy.getRange().getOffset(), (int) end);
        }
        return write(copy.getTo(), content, source.attributes, version);
    }

    private ErrorCode compose(Compose compose, long version) {
        StringBuilder content = new StringBuilder();
        for (Part part : compose.getPartsList()) {
            Version found = current(compose.getDirectory() + part.getName());
            if (found == null) {
                return ErrorCode.ERROR_CODE_NOT_FOUND;
            }
            if (found.version != part.getVersion()) {
                return ErrorCode.ERROR_CODE_CONFLICT;
            }
            content.append(found.content);
        }
        if (lockedAgainstReplacing(compose.getKey())) {
            return ErrorCode.ERROR_CODE_LOCKED;
        }
        below(compose.getDirectory()).forEach(chains::remove);
        return write(compose.getKey(), content.toString(), attributes(compose.getAttributesList()), version);
    }

    private ErrorCode setAttributes(SetAttributes set) {
        Version found = select(set.getKey(), set.getVersion());
        if (found == null) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        if (found.marker()) {
            return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
        }
        TreeMap<String, String> changed = new TreeMap<>(found.attributes);
        set.getRemoveList().forEach(changed::remove);
        changed.putAll(attributes(set.getSetList()));
        chain(set.getKey()).replaceAll(v -> v == found ? v.with(changed) : v);
        return null;
    }

    private ErrorCode setLock(SetLock set) {
        Version found = select(set.getKey(), set.getVersion());
        if (found == null) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        if (found.marker()) {
            return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
        }
        ObjectLock.Builder lock = found.lock.toBuilder();
        if (set.hasRetention()) {
            RetentionMode mode = set.getRetention().getMode();
            long until = set.getRetention().getRetainUntilMs();
            if (mode != RetentionMode.RETENTION_MODE_UNSPECIFIED && until <= timeMs) {
                return ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
            }
            boolean weaker = mode != found.lock.getMode() || until < found.lock.getRetainUntilMs();
            boolean bypassed =
                    found.lock.getMode() == RetentionMode.RETENTION_MODE_GOVERNANCE && set.getBypassGovernance();
            if (retained(found) && weaker && !bypassed) {
                return ErrorCode.ERROR_CODE_LOCKED;
            }
            lock.setMode(mode).setRetainUntilMs(mode == RetentionMode.RETENTION_MODE_UNSPECIFIED ? 0 : until);
        }
        if (set.hasLegalHold()) {
            lock.setLegalHold(set.getLegalHold());
        }
        chain(set.getKey()).replaceAll(v -> v == found ? v.with(lock.build()) : v);
        return null;
    }

    private ErrorCode setVersioning(String directory, VersioningState state) {
        if (state == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            boolean kept = chains.entrySet().stream()
                    .filter(e -> e.getKey().startsWith(directory))
                    .anyMatch(
                            e -> e.getValue().size() > 1 || e.getValue().get(0).marker());
            if (kept) {
                return ErrorCode.ERROR_CODE_NOT_EMPTY;
            }
        }
        states.put(directory, state);
        return null;
    }

    private ErrorCode deleteVersion(DeleteVersion delete) {
        Version found = select(delete.getKey(), delete.getVersion());
        if (found == null) {
            return null;
        }
        boolean bypassed =
                found.lock.getMode() == RetentionMode.RETENTION_MODE_GOVERNANCE && delete.getBypassGovernance();
        if (found.lock.getLegalHold() || retained(found) && !bypassed) {
            return ErrorCode.ERROR_CODE_LOCKED;
        }
        chain(delete.getKey()).remove(found);
        tidy(delete.getKey());
        return null;
    }

    private Version select(String key, VersionSelector selector) {
        return switch (selector.getWhichCase()) {
            case VERSION ->
                chains.getOrDefault(key, List.of()).stream()
                        .filter(v -> v.version == selector.getVersion())
                        .findFirst()
                        .orElse(null);
            case NULL_VERSION -> nullVersion(key);
            case WHICH_NOT_SET -> current(key);
        };
    }

    private Version nullVersion(String key) {
        return chains.getOrDefault(key, List.of()).stream()
                .filter(v -> !v.versioned)
                .findFirst()
                .orElse(null);
    }

    /** What a write or a delete in this state removes for good. */
    private Version replaced(String key) {
        return switch (state(key)) {
            case VERSIONING_STATE_ENABLED -> null;
            case VERSIONING_STATE_SUSPENDED -> nullVersion(key);
            default -> current(key);
        };
    }

    private boolean lockedAgainstReplacing(String key) {
        Version replaced = replaced(key);
        return replaced != null && (replaced.lock.getLegalHold() || retained(replaced));
    }

    private void makeRoom(String key) {
        Version replaced = replaced(key);
        if (replaced != null) {
            chain(key).remove(replaced);
        }
    }

    private boolean retained(Version version) {
        return version.lock.getMode() != RetentionMode.RETENTION_MODE_UNSPECIFIED
                && version.lock.getRetainUntilMs() > timeMs;
    }

    private VersioningState state(String key) {
        return states.getOrDefault(
                key.substring(0, key.indexOf('/') + 1), VersioningState.VERSIONING_STATE_UNVERSIONED);
    }

    private List<Version> chain(String key) {
        return chains.computeIfAbsent(key, k -> new ArrayList<>());
    }

    private void tidy(String key) {
        if (chain(key).isEmpty()) {
            chains.remove(key);
        }
    }

    private List<String> below(String prefix) {
        return chains.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .filter(key -> current(key) != null)
                .toList();
    }

    private static TreeMap<String, String> attributes(List<io.moorage.protocol.v1.MetadataItem> items) {
        TreeMap<String, String> attributes = new TreeMap<>();
        items.forEach(item -> attributes.put(item.getName(), item.getValue()));
        return attributes;
    }
}
