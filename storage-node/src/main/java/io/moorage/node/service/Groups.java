package io.moorage.node.service;

import com.google.protobuf.ByteString;
import io.moorage.node.store.Refusal;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Group ids on the wire. */
final class Groups {
    private Groups() {}

    /** @throws Refusal INVALID_ARGUMENT */
    static UUID parse(ByteString bytes) {
        if (bytes.size() != 16) {
            throw Refusal.invalid("group_id has " + bytes.size() + " bytes, not 16");
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static ByteString bytes(UUID group) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(group.getMostSignificantBits())
                .putLong(group.getLeastSignificantBits())
                .flip());
    }
}
