package io.moorage.node.store;

import io.moorage.protocol.v1.VersioningState;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Which top-level directories of a volume keep versions: what {@link Keys#versioning} records say, in memory, so that a write
 * elsewhere costs nothing. Only the applying thread touches it.
 */
final class VersioningStates {
    /** Only directories that are not UNVERSIONED. Looked up, never walked: its order means nothing. */
    private final Map<String, VersioningState> states = new HashMap<>();

    int size() {
        return states.size();
    }

    /** The state that decides about a key: its top-level directory's. That directory's own marker is never versioned. */
    VersioningState of(byte[] key) {
        if (states.isEmpty()) {
            return VersioningState.VERSIONING_STATE_UNVERSIONED;
        }
        int slash = 0;
        while (slash < key.length && key[slash] != '/') {
            slash++;
        }
        return slash >= key.length - 1
                ? VersioningState.VERSIONING_STATE_UNVERSIONED
                : ofDirectory(new String(key, 0, slash + 1, StandardCharsets.UTF_8));
    }

    /** @param directory ends with "/" */
    VersioningState ofDirectory(String directory) {
        return states.getOrDefault(directory, VersioningState.VERSIONING_STATE_UNVERSIONED);
    }

    void set(String directory, VersioningState state) {
        if (state == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            states.remove(directory);
        } else {
            states.put(directory, state);
        }
    }

    /** Whether replacing or deleting an entry in this state keeps it. */
    static boolean keeps(VersioningState state, boolean writtenWhileEnabled) {
        return state == VersioningState.VERSIONING_STATE_ENABLED
                || state == VersioningState.VERSIONING_STATE_SUSPENDED && writtenWhileEnabled;
    }

    static VersioningState parse(byte[] record) {
        return record == null ? VersioningState.VERSIONING_STATE_UNVERSIONED : VersioningState.forNumber(record[0]);
    }
}
