package io.moorage.client.transfer;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.routing.GroupDirectory;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Reads ranges of extents in order from whichever replica has good copies. A few parts are under way ahead of the reader; when
 * a replica fails, has a bad copy, or gives nothing for some time, the next one goes on at the byte that was reached.
 */
final class ExtentDownload {
    /** Parts of at most 256 KiB that are under way at once. */
    private static final int PARTS_AHEAD = 6;
    /** Bytes asked of one replica in one call: bounds what a change of replica throws away, and spreads the load. */
    private static final long CALL_BYTES = 64L << 20;

    private static final ReadExtentsResponse END = ReadExtentsResponse.getDefaultInstance();

    private final VolumeRef volume;
    private final GroupDirectory directory;
    private final NodeChannels channels;
    private final long minVersion;
    private final Duration patience;

    /** @param patience how long a replica may give nothing before another one is asked */
    ExtentDownload(
            VolumeRef volume, GroupDirectory directory, NodeChannels channels, long minVersion, Duration patience) {
        this.volume = volume;
        this.directory = directory;
        this.channels = channels;
        this.minVersion = minVersion;
        this.patience = patience;
    }

    /** @param ranges offset and length of each say which part is wanted */
    void transferTo(List<Extent> ranges, OutputStream out) throws IOException {
        int next = 0;
        while (next < ranges.size()) {
            List<Extent> group = new ArrayList<>();
            long bytes = 0;
            while (next < ranges.size()
                    && (bytes == 0 || bytes + ranges.get(next).getLength() <= CALL_BYTES)) {
                bytes += ranges.get(next).getLength();
                group.add(ranges.get(next++));
            }
            transferGroup(group, bytes, out);
        }
    }

    private void transferGroup(List<Extent> ranges, long bytes, OutputStream out) throws IOException {
        List<Member> members = new ArrayList<>(directory
                .route(volume.group())
                .map(GroupDirectory.Route::members)
                .orElse(List.of()));
        java.util.Collections.rotate(members, ThreadLocalRandom.current().nextInt(Math.max(1, members.size())));
        long done = 0;
        StringBuilder reasons = new StringBuilder();
        // Each replica gets two chances: a copy may be on its way, or a connection may have been just lost.
        for (int attempt = 0; attempt < 2 * members.size(); attempt++) {
            Member member = members.get(attempt % members.size());
            Stream stream = new Stream(after(ranges, done));
            ExtentServiceGrpc.newStub(channels.to(member.getServiceAddress())).read(stream.request(), stream);
            try {
                done += stream.copyTo(out, patience);
            } catch (IOException e) {
                stream.cancel();
                throw e;
            }
            if (done == bytes) {
                return;
            }
            reasons.append(reasons.isEmpty() ? "" : "; ")
                    .append(member.getNodeId())
                    .append(": ")
                    .append(stream.failure());
        }
        throw new MoorageException(
                ErrorCode.ERROR_CODE_UNAVAILABLE,
                "no replica of group " + volume.group() + " has a good copy of these bytes that it can give now ("
                        + reasons + ")",
                0,
                false,
                Duration.ofSeconds(5),
                null);
    }

    /** The ranges without their first `done` bytes. */
    private static List<Extent> after(List<Extent> ranges, long done) {
        List<Extent> rest = new ArrayList<>();
        long skip = done;
        for (Extent range : ranges) {
            if (skip >= range.getLength()) {
                skip -= range.getLength();
            } else {
                rest.add(
                        skip == 0
                                ? range
                                : range.toBuilder()
                                        .setOffset(range.getOffset() + (int) skip)
                                        .setLength(range.getLength() - (int) skip)
                                        .build());
                skip = 0;
            }
        }
        return rest;
    }

    /** One call to one replica. */
    private final class Stream implements ClientResponseObserver<ReadExtentsRequest, ReadExtentsResponse> {
        private final List<Extent> ranges;
        /** Never more than what was asked for, and the end. */
        private final BlockingQueue<ReadExtentsResponse> parts = new LinkedBlockingQueue<>(PARTS_AHEAD + 2);

        private ClientCallStreamObserver<ReadExtentsRequest> call;
        private volatile String failure = "";

        Stream(List<Extent> ranges) {
            this.ranges = ranges;
        }

        ReadExtentsRequest request() {
            return ReadExtentsRequest.newBuilder()
                    .setGroupId(volume.group().toBytes())
                    .setVolumeId(volume.id())
                    .addAllRanges(ranges)
                    .setMinVersion(minVersion)
                    .build();
        }

        String failure() {
            return failure;
        }

        void cancel() {
            call.cancel("not wanted any more", null);
        }

        /** How many bytes were copied before the end, or before it failed. */
        long copyTo(OutputStream out, Duration patience) throws IOException {
            long copied = 0;
            try {
                while (true) {
                    ReadExtentsResponse part = parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                    if (part == null) {
                        failure = "gave nothing for " + patience.toMillis() + " ms";
                        cancel();
                        return copied;
                    }
                    if (part == END) {
                        return copied;
                    }
                    if (crc32c(part.getData()) != part.getCrc32C()) {
                        failure = "a part arrived damaged";
                        cancel();
                        return copied;
                    }
                    part.getData().writeTo(out);
                    copied += part.getData().size();
                    call.request(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancel();
                throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "the download was interrupted");
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ReadExtentsRequest> stream) {
            call = stream;
            stream.disableAutoRequestWithInitial(PARTS_AHEAD);
        }

        @Override
        public void onNext(ReadExtentsResponse part) {
            parts.add(part);
        }

        @Override
        public void onError(Throwable thrown) {
            failure = CallErrors.detail(thrown).getMessage();
            parts.offer(END);
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
