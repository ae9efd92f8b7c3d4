package io.moorage.protocol.borrow;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses messages whose one long byte field stays where the network put it, instead of copying it twice. Such a message is only
 * borrowed: whoever handles it gives it back with {@link #release}, and keeps nothing of it. Thread-safe.
 *
 * <p>gRPC gives the buffers away by {@link Detachable} and {@link HasByteBuffer} (gRFC: "Zero-copy deserialization", grpc-java
 * 1.39); a transport that does not is parsed as always.
 */
public final class BorrowedMessages<T extends Message> implements MethodDescriptor.Marshaller<T> {
    private final MethodDescriptor.Marshaller<T> copying;
    private final T prototype;
    private final FieldDescriptor longField;
    private final Map<T, InputStream> borrowed = Collections.synchronizedMap(new IdentityHashMap<>());

    /** @param longField number of a field of bytes, which is not repeated */
    public BorrowedMessages(MethodDescriptor.Marshaller<T> copying, T prototype, int longField) {
        this.copying = copying;
        this.prototype = prototype;
        this.longField = prototype.getDescriptorForType().findFieldByNumber(longField);
    }

    /** The same service, with the requests of one method borrowed. */
    public ServerServiceDefinition requestsIn(ServerServiceDefinition service, MethodDescriptor<T, ?> method) {
        ServerServiceDefinition.Builder built =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        for (ServerMethodDefinition<?, ?> each : service.getMethods()) {
            if (each.getMethodDescriptor().getFullMethodName().equals(method.getFullMethodName())) {
                @SuppressWarnings("unchecked")
                ServerMethodDefinition<T, Object> mine = (ServerMethodDefinition<T, Object>) each;
                built.addMethod(
                        mine.getMethodDescriptor().toBuilder()
                                .setRequestMarshaller(this)
                                .build(),
                        mine.getServerCallHandler());
            } else {
                built.addMethod(each);
            }
        }
        return built.build();
    }

    /** The same method, for a caller to whom its responses are borrowed: each one that it is given it gives back. */
    public <R> MethodDescriptor<R, T> responsesOf(MethodDescriptor<R, T> method) {
        return method.toBuilder(method.getRequestMarshaller(), this).build();
    }

    @Override
    public InputStream stream(T message) {
        return copying.stream(message);
    }

    @Override
    public T parse(InputStream stream) {
        if (!(stream instanceof KnownLength)
                || !(stream instanceof Detachable owner)
                || !(stream instanceof HasByteBuffer buffers)
                || !buffers.byteBufferSupported()) {
            return copying.parse(stream);
        }
        InputStream mine = owner.detach();
        try {
            T message = parse(bytes(mine));
            borrowed.put(message, mine);
            return message;
        } catch (IOException e) {
            close(mine);
            throw Status.INTERNAL
                    .withDescription("a message cannot be read: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    /** protobuf would copy a field that is in several buffers, so that this one is cut out; the others are short. */
    @SuppressWarnings("unchecked")
    T parse(ByteString bytes) throws InvalidProtocolBufferException {
        Message.Builder message = prototype.newBuilderForType();
        WireFields fields = new WireFields(bytes);
        ByteString others = ByteString.EMPTY;
        while (fields.next()) {
            if (fields.number() == longField.getNumber() && fields.hasLength()) {
                message.setField(longField, fields.content());
            } else {
                others = others.concat(fields.whole());
            }
        }
        return (T) message.mergeFrom(others).build();
    }

    /** The stream's buffers one after the other, not copied. */
    private static ByteString bytes(InputStream stream) throws IOException {
        // Marked, it keeps what was skipped until it is closed.
        stream.mark(stream.available());
        List<ByteString> parts = new ArrayList<>();
        while (stream.available() > 0) {
            ByteBuffer part = ((HasByteBuffer) stream).getByteBuffer();
            if (part == null || !part.hasRemaining()) {
                throw new InvalidProtocolBufferException("it ends early");
            }
            parts.add(UnsafeByteOperations.unsafeWrap(part));
            stream.skipNBytes(part.remaining());
        }
        stream.reset();
        return ByteString.copyFrom(parts);
    }

    /** Gives the message's buffers back; nothing of it may be looked at after that. One that was not borrowed is left alone. */
    public void release(T message) {
        InputStream stream = borrowed.remove(message);
        if (stream != null) {
            close(stream);
        }
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new IllegalStateException("buffers in memory cannot be closed", e);
        }
    }
}
