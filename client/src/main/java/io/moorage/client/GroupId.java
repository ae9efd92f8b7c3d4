package io.moorage.client;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Id of a Raft group: 16 bytes on the wire, a UUID in text. Immutable. */
public record GroupId(UUID uuid) {

    /** @throws IllegalArgumentException unless there are exactly 16 bytes */
    public static GroupId of(ByteString bytes) {
        if (bytes.size() != 16) {
            throw new IllegalArgumentException("a group id has 16 bytes, not " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new GroupId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    /** @throws IllegalArgumentException unless it is the text of a UUID */
    public static GroupId parse(String text) {
        return new GroupId(UUID.fromString(text));
    }

    public static GroupId random() {
        return new GroupId(UUID.randomUUID());
    }

    public ByteString toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(16);
        buffer.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return ByteString.copyFrom(buffer.flip());
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
