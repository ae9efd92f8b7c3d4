package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.KeyValue;
import java.util.Optional;

/**
 * Entries with their values, as transactions answer them. What one command answers is bounded: past that, values are left out
 * and said to be.
 */
final class KeyValues {
    private final Heads heads;
    private long left = StoreLimits.MAX_TRANSACT_BYTES;

    KeyValues(Heads heads) {
        this.heads = heads;
    }

    /** An entry without its value. */
    KeyValue keyOf(String key, Entry entry) {
        return charged(
                KeyValue.newBuilder().setEntry(Heads.describe(key, entry)).build());
    }

    /** Whether the answer is as long as it may be. */
    boolean full() {
        return left <= 0;
    }

    KeyValue of(long volume, String key, Entry entry) {
        KeyValue.Builder result = KeyValue.newBuilder().setEntry(Heads.describe(key, entry));
        Optional<ByteString> value = entry.getSize() > left ? Optional.empty() : value(heads, volume, entry);
        value.ifPresentOrElse(result::setValue, () -> result.setValueOmitted(true));
        return charged(result.build());
    }

    private KeyValue charged(KeyValue result) {
        left -= result.getSerializedSize();
        return result;
    }

    /** Empty: it is not in the replicated store, or longer than a value may be. */
    static Optional<ByteString> value(Heads heads, long volume, Entry entry) {
        if (entry.getSize() > StoreLimits.MAX_VALUE_BYTES) {
            return Optional.empty();
        }
        ByteString value = ByteString.EMPTY;
        for (Extent extent : entry.getExtentsList()) {
            if (!extent.getInline()) {
                return Optional.empty();
            }
            value = value.concat(heads.inlineBytes(volume, extent));
        }
        return Optional.of(value);
    }
}
