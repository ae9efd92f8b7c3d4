package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import java.util.Arrays;

/**
 * A superseded version that a pin needs.
 *
 * @param replacedAt the version that replaced or deleted it
 */
record HistoryRecord(long replacedAt, Entry entry) {

    static HistoryRecord parse(byte[] value) {
        return new HistoryRecord(
                java.nio.ByteBuffer.wrap(value).getLong(),
                ApplyContext.parseEntry(Arrays.copyOfRange(value, 8, value.length)));
    }
}
