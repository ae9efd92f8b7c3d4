package io.moorage.client.transfer;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.wire.CallErrors;
import io.moorage.client.wire.NodeChannels;
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
    private static final ReadExtentsResponse END = ReadExtentsResponse.getDefaultInstance();

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
        ExtentServiceGrpc.newStub(channels.bulk(member.getServiceAddress()))
                .read(
                        ReadExtentsRequest.newBuilder()
                                .setGroupId(volume.group().toBytes())
                                .setVolumeId(volume.id())
                                .addAllRanges(PieceCutter.after(ranges, done))
                                .setMinVersion(minVersion)
                                .build(),
                        stream);
    }

    /** All of it. */
    void transferTo(OutputStream out) throws IOException {
        while (true) {
            stream.copyTo(out);
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
            stream.call.cancel("not wanted any more", null);
        }
    }

    /** One call to one replica. */
    private final class Stream implements ClientResponseObserver<ReadExtentsRequest, ReadExtentsResponse> {
        private final String node;
        /** No more than the piece, and the end. */
        private final BlockingQueue<ReadExtentsResponse> parts = new LinkedBlockingQueue<>();

        private ClientCallStreamObserver<ReadExtentsRequest> call;
        private volatile String failure = "it ended early";

        Stream(String node) {
            this.node = node;
        }

        /** Copies until the end, or until it fails. */
        void copyTo(OutputStream out) throws IOException {
            try {
                while (true) {
                    ReadExtentsResponse part = parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                    if (part == null) {
                        failure = "gave nothing for " + patience.toMillis() + " ms";
                        cancel();
                        return;
                    }
                    if (part == END) {
                        return;
                    }
                    if (crc32c(part.getData()) != part.getCrc32C()) {
                        failure = "a part arrived damaged";
                        cancel();
                        return;
                    }
                    part.getData().writeTo(out);
                    done += part.getData().size();
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

    private static int crc32c(ByteString bytes) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer buffer : bytes.asReadOnlyByteBufferList()) {
            crc.update(buffer);
        }
        return (int) crc.getValue();
    }
}
