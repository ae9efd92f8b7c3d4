package io.moorage.node.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.moorage.node.extent.ExtentException;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.Replica;
import io.moorage.node.status.SpaceWatch;
import io.moorage.node.store.Checksums;
import io.moorage.node.store.Versions;
import io.moorage.protocol.borrow.BorrowedMessages;
import io.moorage.protocol.v1.DiscardExtentsRequest;
import io.moorage.protocol.v1.DiscardExtentsResponse;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentServiceGrpc;
import io.moorage.protocol.v1.ListIncompleteRequest;
import io.moorage.protocol.v1.ListIncompleteResponse;
import io.moorage.protocol.v1.ReadExtentsRequest;
import io.moorage.protocol.v1.ReadExtentsResponse;
import io.moorage.protocol.v1.WriteExtentRequest;
import io.moorage.protocol.v1.WriteExtentResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Bulk bytes of the replicas on this node. */
public final class ExtentServiceImpl extends ExtentServiceGrpc.ExtentServiceImplBase {
    private final RaftHost raft;
    private final SpaceWatch space;
    private final InstantSource clock;
    private final Executor executor;
    private final BorrowedMessages<WriteExtentRequest> requests = new BorrowedMessages<>(
            ExtentServiceGrpc.getWriteMethod().getRequestMarshaller(),
            WriteExtentRequest.getDefaultInstance(),
            WriteExtentRequest.DATA_FIELD_NUMBER);

    /** @param executor carries out reads, which block on the disk and on slow receivers */
    public ExtentServiceImpl(RaftHost raft, SpaceWatch space, InstantSource clock, Executor executor) {
        this.raft = raft;
        this.space = space;
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public StreamObserver<WriteExtentRequest> write(StreamObserver<WriteExtentResponse> observer) {
        observer.onNext(
                WriteExtentResponse.newBuilder().setOpenedAtMs(clock.millis()).build());
        return new ExtentWriteStream(raft, space, requests, (ServerCallStreamObserver<WriteExtentResponse>) observer);
    }

    /** The service as it is to be served: the requests of {@link #write} are not copied. */
    public ServerServiceDefinition definition() {
        return requests.requestsIn(bindService(), ExtentServiceGrpc.getWriteMethod());
    }

    @Override
    public void read(ReadExtentsRequest request, StreamObserver<ReadExtentsResponse> observer) {
        ServerCallStreamObserver<ReadExtentsResponse> call = (ServerCallStreamObserver<ReadExtentsResponse>) observer;
        Pacer<ReadExtentsResponse> pacer = new Pacer<>(call);
        long deadline = Deadlines.nanos();
        executor.execute(() -> {
            try {
                Replica replica = raft.replica(Groups.parse(request.getGroupId()));
                for (Extent range : request.getRangesList()) {
                    if (range.getInline()) {
                        sendInline(replica, request, range, deadline, pacer);
                    } else {
                        replica.readExtent(
                                new ExtentKey(request.getVolumeId(), range.getIdHigh(), range.getIdLow()),
                                range.getOffset(),
                                range.getLength(),
                                bytes -> send(pacer, bytes));
                    }
                }
                call.onCompleted();
            } catch (Pacer.Gone e) {
                // Nobody listens any more.
            } catch (IOException | RuntimeException e) {
                call.onError(CallErrors.toStatus(e));
            }
        });
    }

    private static void sendInline(
            Replica replica, ReadExtentsRequest request, Extent range, long deadline, Pacer<ReadExtentsResponse> pacer)
            throws IOException {
        ByteString bytes;
        try (Replica.Reading reading = replica.read(Versions.indexOf(request.getMinVersion()), deadline)) {
            bytes = reading.view()
                    .inline(request.getVolumeId(), range)
                    .orElseThrow(() -> new ExtentException(
                            ExtentException.Reason.MISSING,
                            "inline extent " + range.getIdHigh() + " is not here any more",
                            null));
        }
        pacer.send(ReadExtentsResponse.newBuilder()
                .setData(bytes)
                .setCrc32C(Checksums.crc32c(bytes))
                .build());
    }

    /** A chunk of the reader's, half a mebibyte at the most, is a message. */
    private static void send(Pacer<ReadExtentsResponse> pacer, ByteBuffer bytes) throws IOException {
        ByteString data = UnsafeByteOperations.unsafeWrap(bytes);
        pacer.send(ReadExtentsResponse.newBuilder()
                .setData(data)
                .setCrc32C(Checksums.crc32c(data))
                .build());
    }

    @Override
    public void listIncomplete(ListIncompleteRequest request, StreamObserver<ListIncompleteResponse> observer) {
        long deadline = Deadlines.nanos();
        UnaryCalls.answer(executor, observer, () -> {
            Replica replica = raft.replica(Groups.parse(request.getGroupId()));
            return new IncompleteEntries(replica, request.getVolumeId()).after(request.getStartAfter(), deadline);
        });
    }

    @Override
    public void discard(DiscardExtentsRequest request, StreamObserver<DiscardExtentsResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            Replica replica = raft.replica(Groups.parse(request.getGroupId()));
            for (Extent extent : request.getExtentsList()) {
                replica.discard(new ExtentKey(request.getVolumeId(), extent.getIdHigh(), extent.getIdLow()));
            }
            return DiscardExtentsResponse.getDefaultInstance();
        });
    }
}
