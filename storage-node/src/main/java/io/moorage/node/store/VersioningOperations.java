package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.SetVersioning;
import io.moorage.protocol.v1.VersioningState;

/** Which top-level directories keep versions. */
final class VersioningOperations {
    private final ApplyContext context;

    VersioningOperations(ApplyContext context) {
        this.context = context;
    }

    void set(VolumeState volume, SetVersioning set) {
        String directory = set.getDirectory();
        if (set.getState() == volume.versioning.ofDirectory(directory)) {
            return;
        }
        if (set.getState() == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            checkNothingKept(volume, directory);
            forget(volume, directory);
            return;
        }
        if (volume.versioning.size() >= StoreLimits.MAX_VERSIONED_DIRECTORIES
                && volume.versioning.ofDirectory(directory) == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "volume '" + volume.spec.getName() + "' has " + volume.versioning.size()
                            + " directories that keep versions, and can have no more: use another volume");
        }
        volume.versioning.set(directory, set.getState());
        context.transaction.put(Family.META, Keys.versioning(volume.id, directory), new byte[] {
            (byte) set.getState().getNumber()
        });
    }

    /**
     * Of a top-level directory; others pass.
     *
     * @throws Refusal NOT_EMPTY: versions or delete markers below it are kept
     */
    void checkNothingKept(VolumeState volume, String directory) {
        if (volume.versioning.ofDirectory(directory) == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            return;
        }
        byte[] from = Keys.head(volume.id, Keys.utf8(directory));
        try (Cursor cursor = context.transaction.range(Family.VERSIONS, from, Keys.after(from))) {
            if (cursor.valid()) {
                throw Refusal.of(
                        ErrorCode.ERROR_CODE_NOT_EMPTY,
                        "directory " + KeyRules.show(directory) + " keeps versions or delete markers (of "
                                + KeyRules.show(Keys.keyOfHistory(cursor.key()))
                                + ", for one): remove them first");
            }
        }
    }

    /** What is written below a directory from now on is not kept. */
    void forget(VolumeState volume, String directory) {
        if (volume.versioning.ofDirectory(directory) != VersioningState.VERSIONING_STATE_UNVERSIONED) {
            volume.versioning.set(directory, VersioningState.VERSIONING_STATE_UNVERSIONED);
            context.transaction.delete(Family.META, Keys.versioning(volume.id, directory));
        }
    }
}
