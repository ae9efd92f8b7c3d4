package io.moorage.protocol.borrow;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;

/**
 * Goes through the fields of a message as it is on the wire, without reading or copying what is in them
 * (<a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers, Encoding</a>). Groups are not known. For one thread.
 */
final class WireFields {
    private static final int MAX_VARINT_BYTES = 10;

    private final ByteString message;
    private int start;
    private int content;
    private int end;
    private int tag;

    WireFields(ByteString message) {
        this.message = message;
    }

    /** Goes to the next one. @return whether there is one */
    boolean next() throws InvalidProtocolBufferException {
        start = end;
        if (start == message.size()) {
            return false;
        }
        content = start;
        tag = (int) varint();
        long length = switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> {
                int from = content;
                varint();
                int bytes = content - from;
                content = from;
                yield bytes;
            }
            case WireFormat.WIRETYPE_FIXED64 -> Long.BYTES;
            case WireFormat.WIRETYPE_FIXED32 -> Integer.BYTES;
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> varint();
            default -> throw new InvalidProtocolBufferException("field " + number() + " is of an unknown kind");
        };
        if (length < 0 || length > message.size() - content) {
            throw new InvalidProtocolBufferException("field " + number() + " ends behind the message");
        }
        end = content + (int) length;
        return true;
    }

    int number() {
        return WireFormat.getTagFieldNumber(tag);
    }

    /** Whether it is of bytes, text, a message, or packed. */
    boolean hasLength() {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    ByteString content() {
        return message.substring(content, end);
    }

    /** With its tag. */
    ByteString whole() {
        return message.substring(start, end);
    }

    private long varint() throws InvalidProtocolBufferException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && content < message.size(); i++) {
            byte next = message.byteAt(content++);
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new InvalidProtocolBufferException("a number ends behind the message");
    }
}
