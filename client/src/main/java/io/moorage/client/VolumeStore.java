package io.moorage.client;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.TreeChange;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The entries of one volume. Calls block; they retry with jittered backoff within their deadline, and a write that is retried
 * takes effect once. Thread-safe.
 *
 * <p>Every method throws {@link MoorageException}.
 */
public interface VolumeStore {

    VolumeRef volume();

    /** Versions of entries, parts, attributes and locks of this volume. */
    VersionedStore versions();

    /**
     * The same volume for who keeps records of its own in it: keys may begin with U+0001. Such entries are hidden from everyone
     * else. Lists show them, and operations on trees touch them, only if the prefix begins with U+0001 as well. Their bytes count
     * for the quota.
     */
    VolumeStore hidden();

    /**
     * Stores all bytes of `body` under a key, whole or not at all. Memory is bounded whatever the length.
     *
     * @param length bytes promised, or -1; a body that ends early or goes on is refused and leaves nothing
     * @throws IOException what `body` throws; nothing is left behind
     */
    EntryChange put(PutOptions options, InputStream body, long length, CallOptions call) throws IOException;

    /** Adds all bytes of `body` at the end, whole or not at all. Creates the entry if the precondition allows it. */
    EntryChange append(
            String key, String contentType, Precondition precondition, InputStream body, long length, CallOptions call)
            throws IOException;

    /** Empty: there is no such key. */
    Optional<Entry> stat(String key, CallOptions call);

    /** Empty: there is no such key. A directory is an entry of kind DIRECTORY without bytes. */
    Optional<EntryReader> open(String key, CallOptions call);

    /** An absent key is no error: `replaced` says whether there was one. */
    EntryChange delete(String key, Precondition precondition, CallOptions call);

    /** Deletes at most `limit` (1 to 10000) entries below a prefix that ends with "/" (or is empty). */
    TreeChange deleteTree(String prefix, int limit, CallOptions call);

    /** Moves a file, or a tree when both end with "/", as one step; the number of entries moved. */
    TreeChange rename(String from, String to, Precondition source, Precondition target, CallOptions call);

    /**
     * Shares extents, copies no bytes.
     *
     * @param metadata null: as the source has it
     */
    TreeChange copy(
            String from,
            String to,
            Precondition source,
            Precondition target,
            String contentType,
            List<MetadataItem> metadata,
            CallOptions call);

    EntryChange makeDirectory(String key, Precondition precondition, CallOptions call);

    EntryChange removeDirectory(String key, Precondition precondition, CallOptions call);

    /**
     * One page in byte order of the keys.
     *
     * @param delimiter empty: none
     * @param limit 1 to 1000
     */
    ListResponse list(String prefix, String delimiter, String startAfter, int limit, CallOptions call);

    /**
     * Looks for entries that cannot be read (whole), because no replica has a good copy of all their bytes: a part of the volume,
     * ten thousand keys at the most. Hidden entries are not looked at, nor versions that were replaced.
     *
     * @param startAfter empty: from the first key; otherwise what the last part said is next
     */
    UnreadableEntries unreadable(String startAfter);
}
