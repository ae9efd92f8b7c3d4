package io.moorage.client;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Retention;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import java.util.List;
import java.util.Optional;

/**
 * The versions of a volume's entries, and what an object store needs beyond files: joining parts, attributes, locks. Semantics
 * are those of Amazon S3 (docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html and .../object-lock.html); a bucket is
 * a top-level directory. Calls block; they retry with jittered backoff within their deadline, and a write that is retried takes
 * effect once. Thread-safe.
 *
 * <p>Every method throws {@link MoorageException}.
 */
public interface VersionedStore {

    /** Selects a version by its number ({@link Entry#getVersion()}). */
    static VersionSelector version(long number) {
        return VersionSelector.newBuilder().setVersion(number).build();
    }

    /** Selects the version that was not written while versioning was enabled. */
    static VersionSelector nullVersion() {
        return VersionSelector.newBuilder().setNullVersion(true).build();
    }

    /** Selects whatever is the newest version. */
    static VersionSelector newest() {
        return VersionSelector.getDefaultInstance();
    }

    /**
     * What becomes of what is replaced or deleted below a top-level directory, from now on.
     *
     * @param directory has one "/", at its end
     * @throws MoorageException NOT_EMPTY: UNVERSIONED was asked for, and versions are kept
     */
    void setVersioning(String directory, VersioningState state, CallOptions call);

    /** UNVERSIONED also if there is no such directory. */
    VersioningState versioning(String directory, CallOptions call);

    /**
     * What is under a key.
     *
     * @param entry without its extents; empty: there is no such key or version. Of kind DELETE_MARKER if one was asked for
     * @param deleteMarker the newest version, when it is the reason why there is no entry
     */
    record Found(Optional<Entry> entry, Optional<Entry> deleteMarker) {}

    /** Of a key, the version asked for, or the newest. */
    Found find(String key, VersionSelector version, CallOptions call);

    /** Empty: there is no such key or version. A delete marker is an entry without bytes. */
    Optional<EntryReader> open(String key, VersionSelector version, CallOptions call);

    /**
     * One page: keys in byte order, of each the newest version first.
     *
     * @throws MoorageException INVALID_ARGUMENT: a state of the past was asked for, or the listing's bounds are wrong
     */
    ListVersionsResponse listVersions(VersionListing listing, CallOptions call);

    /**
     * Removes one version for good. If it was the newest, the one before it is what the key holds again: it is the result's
     * `entry`, or `delete_marker`. `previous` is what was removed; `replaced` is not set if there was no such version.
     *
     * @throws MoorageException LOCKED: a retention or legal hold keeps it
     */
    EntryChange deleteVersion(String key, VersionSelector version, boolean bypassGovernance, CallOptions call);

    /** Deletes the marker of a directory alone, whatever is below it. No such marker is no error. */
    EntryChange deleteDirectoryMarker(String key, Precondition precondition, CallOptions call);

    /** Makes a directory's marker, or replaces it if it is another one. */
    EntryChange putDirectory(DirectoryOptions options, CallOptions call);

    /**
     * Changes attributes of a version without making a new one.
     *
     * @param set any order, names unique
     * @param remove names; done before `set`
     * @throws MoorageException NOT_FOUND: there is no such key or version; TOO_LARGE: more than 16 KiB in all
     */
    EntryChange setAttributes(
            String key,
            VersionSelector version,
            List<MetadataItem> set,
            List<String> remove,
            Precondition precondition,
            CallOptions call);

    /**
     * Changes the retention of a version.
     *
     * @throws MoorageException NOT_FOUND: there is no such key or version; LOCKED: it would be weaker than what runs
     */
    EntryChange setRetention(
            String key, VersionSelector version, Retention retention, boolean bypassGovernance, CallOptions call);

    /** Changes the legal hold of a version. @throws MoorageException NOT_FOUND: there is no such key or version */
    EntryChange setLegalHold(String key, VersionSelector version, boolean hold, CallOptions call);

    /**
     * Joins parts into one entry and deletes all parts' directory, as one step, without copying bytes.
     *
     * @throws MoorageException NOT_FOUND: a part is not there; CONFLICT: a part is another version than expected;
     *     PRECONDITION_FAILED: about the target
     */
    EntryChange compose(ComposeOptions options, CallOptions call);

    /** Copies one file, or a part of one, without copying bytes; what is at the target now. */
    Entry copy(CopyOptions options, CallOptions call);
}
