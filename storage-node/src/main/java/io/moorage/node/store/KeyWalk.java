package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.protocol.v1.Entry;
import java.util.Arrays;
import java.util.Optional;

/**
 * Walks a volume's keys in order, as they are (HEAD alone) or as they were at a version (HEAD and HISTORY together). Not
 * thread-safe.
 */
final class KeyWalk implements AutoCloseable {
    record Step(byte[] headKey, Entry entry) {}

    private final KeyValueReader reader;
    private final long asOf;
    private Cursor head;
    private Cursor history;

    /** @param asOf 0 = as they are */
    KeyWalk(KeyValueReader reader, long asOf) {
        this.reader = reader;
        this.asOf = asOf;
    }

    /** What is under a key, or null. */
    Entry at(long volume, byte[] key) {
        byte[] headKey = Keys.head(volume, key);
        byte[] value = reader.get(Family.HEAD, headKey);
        Entry entry = value == null ? null : ApplyContext.parseEntry(value);
        if (asOf == 0 || entry != null && Heads.since(entry) <= asOf) {
            return entry;
        }
        // Newest first, so the first one that is not too new is the one.
        try (Cursor cursor =
                reader.range(Family.HISTORY, Keys.history(volume, key, asOf), Keys.history(volume, key, 0))) {
            for (; cursor.valid(); cursor.next()) {
                HistoryRecord record = HistoryRecord.parse(cursor.value());
                if (record.isState(Keys.versionOfHistory(cursor.key()))) {
                    return asOf < record.replacedAt() ? record.entry() : null;
                }
            }
        }
        return null;
    }

    Optional<Step> first(byte[] from, byte[] end) {
        close();
        head = reader.range(Family.HEAD, from, end);
        history = asOf == 0 ? null : reader.range(Family.HISTORY, from, end);
        return settle();
    }

    Optional<Step> next() {
        return settle();
    }

    @Override
    public void close() {
        if (head != null) {
            head.close();
        }
        if (history != null) {
            history.close();
        }
        head = null;
        history = null;
    }

    private Optional<Step> settle() {
        while (head.valid() || history != null && history.valid()) {
            byte[] headKey = head.valid() ? head.key() : null;
            byte[] historyKey = history != null && history.valid() ? headKeyOf(history.key()) : null;
            byte[] key = historyKey == null || headKey != null && Arrays.compareUnsigned(headKey, historyKey) <= 0
                    ? headKey
                    : historyKey;
            Entry found = null;
            if (headKey != null && Arrays.equals(headKey, key)) {
                Entry entry = ApplyContext.parseEntry(head.value());
                found = asOf == 0 || Heads.since(entry) <= asOf ? entry : null;
                head.next();
            }
            while (history != null && history.valid() && Arrays.equals(headKeyOf(history.key()), key)) {
                long since = Keys.versionOfHistory(history.key());
                if (found == null && since <= asOf) {
                    HistoryRecord record = HistoryRecord.parse(history.value());
                    found = record.isState(since) && asOf < record.replacedAt() ? record.entry() : null;
                }
                history.next();
            }
            if (found != null) {
                return Optional.of(new Step(key, found));
            }
        }
        return Optional.empty();
    }

    private static byte[] headKeyOf(byte[] historyKey) {
        return Arrays.copyOf(historyKey, historyKey.length - 9);
    }
}
