package io.moorage.client.transfer;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.wire.CallErrors;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.borrow.BorrowedMessages;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentServiceGrpc;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReadExtentsRequest;
import io.moorage.protocol.v1.ReadExtentsResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * One call's part of a download: comes as fast as a replica can give it, and waits here to be taken. When a replica fails, has a bad
 * copy, or gives nothing for some time, the next one goes on at the byte that was reached. One thread uses it; gRPC's report.
 */
final class PieceDownload {
    private static final ReadExtentsResponse END =
            ReadExtentsResponse.newBuilder().build();
    /** Their bytes are copied once, from where the network put them to where they are written. */
    private static final BorrowedMessages<ReadExtentsResponse> RESPONSES = new BorrowedMessages<>(
            ExtentServiceGrpc.getReadMethod().getResponseMarshaller(),
            ReadExtentsResponse.getDefaultInstance(),
            ReadExtentsResponse.DATA_FIELD_NUMBER);

    private static final MethodDescriptor<ReadExtentsRequest, ReadExtentsResponse> READ =
            RESPONSES.responsesOf(ExtentServiceGrpc.getReadMethod());

    private final VolumeRef volume;
    private final List<Extent> ranges;
    private final int pieces;
    private final List<Member> members;
    private final NodeChannels channels;
    private final long minVersion;
    private final Duration patience;
    private final long bytes;
    private final StringBuilder reasons = new StringBuilder();
    private long done;
    private int attempt;
    private Stream stream;

    /** @param pieces of the reader's memory that it may need */
    PieceDownload(
            VolumeRef volume,
            List<Extent> ranges,
            int pieces,
            List<Member> members,
            NodeChannels channels,
            long minVersion,
            Duration patience) {
        this.volume = volume;
        this.ranges = ranges;
        this.pieces = pieces;
        this.members = members;
        this.channels = channels;
        this.minVersion = minVersion;
        this.patience = patience;
        this.bytes = ranges.stream().mapToLong(Extent::getLength).sum();
    }

    int pieces() {
        return pieces;
    }

    /** Asks the next replica for what is not there yet. */
    void start() {
        // Each replica gets two chances: a copy may be on its way, or a connection may have been just lost.
        if (attempt == 2 * members.size()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "no replica of group " + volume.group() + " has a good copy of these bytes that it can give now ("
                            + reasons + ")",
                    0,
                    false,
                    Duration.ofSeconds(5),
                    null);
        }
        Member member = members.get(attempt++ % members.size());
        stream = new Stream(member.getNodeId());
        ClientCalls.asyncServerStreamingCall(
                channels.bulk(member.getServiceAddress()).newCall(READ, CallOptions.DEFAULT),
                ReadExtentsRequest.newBuilder()
                        .setGroupId(volume.group().toBytes())
                        .setVolumeId(volume.id())
                        .addAllRanges(PieceCutter.after(ranges, done))
                        .setMinVersion(minVersion)
                        .build(),
                stream);
    }

    /**
     * All of it.
     *
     * @param buffer that it is copied through
     */
    void transferTo(OutputStream out, byte[] buffer) throws IOException {
        while (true) {
            stream.copyTo(out, buffer);
            if (done == bytes) {
                return;
            }
            reasons.append(reasons.isEmpty() ? "" : "; ")
                    .append(stream.node)
                    .append(": ")
                    .append(stream.failure);
            start();
        }
    }

    /** Nobody wants it any more. */
    void cancel() {
        if (stream != null) {
            stream.abandon();
        }
    }

    /** One call to one replica. */
    private final class Stream implements ClientResponseObserver<ReadExtentsRequest, ReadExtentsResponse> {
        private final String node;
        /** No more than the piece, and the end. */
        private final BlockingQueue<ReadExtentsResponse> parts = new LinkedBlockingQueue<>();

        private ClientCallStreamObserver<ReadExtentsRequest> call;
        private volatile String failure = "it ended early";
        private volatile boolean abandoned;

        Stream(String node) {
            this.node = node;
        }

        /** Copies until the end, or until it fails. */
        void copyTo(OutputStream out, byte[] buffer) throws IOException {
            try {
                while (true) {
                    ReadExtentsResponse part = parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                    if (part == null) {
                        failure = "gave nothing for " + patience.toMillis() + " ms";
                        abandon();
                        return;
                    }
                    if (part == END) {
                        return;
                    }
                    try {
                        List<ByteBuffer> data = part.getData().asReadOnlyByteBufferList();
                        if (crc32c(data) != part.getCrc32C()) {
                            failure = "a part arrived damaged";
                            abandon();
                            return;
                        }
                        write(data, out, buffer);
                        done += part.getData().size();
                    } finally {
                        RESPONSES.release(part);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "the download was interrupted");
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ReadExtentsRequest> request) {
            call = request;
        }

        @Override
        public void onNext(ReadExtentsResponse part) {
            parts.add(part);
            if (abandoned) {
                giveBack();
            }
        }

        /** Nobody takes what comes now, or came already. */
        void abandon() {
            abandoned = true;
            call.cancel("not wanted any more", null);
            giveBack();
        }

        private void giveBack() {
            for (ReadExtentsResponse part = parts.poll(); part != null; part = parts.poll()) {
                RESPONSES.release(part);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            failure = CallErrors.detail(thrown).getMessage();
            parts.add(END);
        }

        @Override
        public void onCompleted() {
            parts.add(END);
        }
    }

    private static int crc32c(List<ByteBuffer> data) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer buffer : data) {
            crc.update(buffer.duplicate());
        }
        return (int) crc.getValue();
    }

    private static void write(List<ByteBuffer> data, OutputStream out, byte[] buffer) throws IOException {
        int filled = 0;
        for (ByteBuffer next : data) {
            while (next.hasRemaining()) {
                int length = Math.min(next.remaining(), buffer.length - filled);
                next.get(buffer, filled, length);
                filled += length;
                if (filled == buffer.length) {
                    out.write(buffer, 0, filled);
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            out.write(buffer, 0, filled);
        }
    }
}
