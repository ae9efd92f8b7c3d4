package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeFeed;
import io.moorage.protocol.v1.ChangeKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.Failure;
import io.moorage.protocol.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some of a volume's changes, in order.
 *
 * @param nextVersion where to go on: also where nothing matched, so that whoever asks with a filter does not fall behind
 * @param nextOrdinal within nextVersion; -1 (as unsigned the greatest) = behind all of it
 * @param more not everything was looked at
 */
public record ChangesPage(List<Change> changes, long nextVersion, int nextOrdinal, boolean more, ChangeFeed feed) {
    /** As unsigned: the greatest. */
    public static final int WHOLE_VERSION = -1;

    private static final int MAX_LIMIT = 1000;
    private static final int MAX_SCANNED = 20_000;
    private static final long MAX_BYTES = 1 << 20;

    /**
     * Where to read from, and what.
     *
     * @param afterOrdinal unsigned
     * @param fromOldest from the oldest change that is kept, wherever that is
     * @param limit 1 to 1000
     */
    public record Query(
            long afterVersion, int afterOrdinal, boolean fromOldest, String prefix, int limit, boolean keysOnly) {}

    /**
     * @param applied the newest version that the reader's state can hold
     * @throws Refusal COMPACTED with the horizon as its version, INVALID_ARGUMENT
     */
    static ChangesPage read(
            KeyValueReader reader,
            Volume volume,
            long applied,
            Query query,
            Function<Extent, Optional<com.google.protobuf.ByteString>> values) {
        KeyRules.prefix("prefix", query.prefix());
        if (query.limit() < 1 || query.limit() > MAX_LIMIT) {
            throw Refusal.invalid("limit is " + query.limit() + "; it must be 1 to " + MAX_LIMIT);
        }
        ChangeFeed feed = volume.getFeed();
        long afterVersion = query.fromOldest() ? feed.getHorizon() : query.afterVersion();
        int afterOrdinal = query.fromOldest() ? WHOLE_VERSION : query.afterOrdinal();
        if (afterVersion < feed.getHorizon()) {
            throw new Refusal(Failure.newBuilder()
                    .setCode(ErrorCode.ERROR_CODE_COMPACTED)
                    .setMessage("changes of volume '" + volume.getSpec().getName() + "' are kept from version "
                            + (feed.getHorizon() + 1) + " on, and those after " + afterVersion
                            + " were asked for: read the entries as they are now, then follow from there")
                    .setCurrentVersion(feed.getHorizon())
                    .build());
        }
        byte[] from = afterOrdinal == WHOLE_VERSION
                ? Keys.change(volume.getId(), afterVersion + 1, 0)
                : Keys.change(volume.getId(), afterVersion, afterOrdinal + 1);
        List<Change> found = new ArrayList<>();
        long bytes = 0;
        int scanned = 0;
        byte[] last = null;
        try (Cursor cursor = reader.range(Family.CHANGES, from, Keys.to(volume.getId()))) {
            for (; cursor.valid(); cursor.next()) {
                if (found.size() == query.limit() || scanned++ == MAX_SCANNED || bytes > MAX_BYTES) {
                    return new ChangesPage(found, Keys.versionOfChange(last), Keys.ordinalOfChange(last), true, feed);
                }
                last = cursor.key();
                Change record = Changes.parse(cursor.value());
                if (record.getKey().startsWith(query.prefix())) {
                    Change change = shown(record, last, query.keysOnly(), values);
                    bytes += change.getSerializedSize();
                    found.add(change);
                }
            }
        }
        return new ChangesPage(found, Math.max(afterVersion, applied), WHOLE_VERSION, false, feed);
    }

    private static Change shown(
            Change record,
            byte[] key,
            boolean keysOnly,
            Function<Extent, Optional<com.google.protobuf.ByteString>> values) {
        Change.Builder change = record.toBuilder()
                .setVersion(Keys.versionOfChange(key))
                .setOrdinal(Keys.ordinalOfChange(key))
                .clearContent();
        boolean gone = record.getKind() == ChangeKind.CHANGE_KIND_DELETED
                || record.getKind() == ChangeKind.CHANGE_KIND_EXPIRED
                || record.getKind() == ChangeKind.CHANGE_KIND_RENAMED_FROM;
        if (!keysOnly && !gone) {
            if (record.hasContent()) {
                values.apply(record.getContent())
                        .ifPresent(bytes -> change.setValue(bytes).setHasValue(true));
            } else if (record.getSize() == 0) {
                change.setHasValue(true);
            }
        }
        return change.build();
    }
}
