package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import java.util.Arrays;

/**
 * What a key held, from the version in the record's key on, and a pin needs. One that was replaced at the very version that it
 * begins with was no state of the key: somebody was reading the entry when it was removed for good.
 *
 * @param replacedAt the version that replaced or deleted it
 */
record HistoryRecord(long replacedAt, Entry entry) {

    static HistoryRecord parse(byte[] value) {
        return new HistoryRecord(
                java.nio.ByteBuffer.wrap(value).getLong(),
                ApplyContext.parseEntry(Arrays.copyOfRange(value, 8, value.length)));
    }

    /** @param since the version in the record's key */
    boolean isState(long since) {
        return since != replacedAt;
    }
}
