package io.moorage.node.service;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.moorage.node.checkpoint.Checkpoints;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.store.Checksums;
import io.moorage.protocol.v1.CheckpointChunk;
import io.moorage.protocol.v1.CloseCheckpointRequest;
import io.moorage.protocol.v1.CloseCheckpointResponse;
import io.moorage.protocol.v1.CurrentTermRequest;
import io.moorage.protocol.v1.CurrentTermResponse;
import io.moorage.protocol.v1.OpenCheckpointRequest;
import io.moorage.protocol.v1.OpenCheckpointResponse;
import io.moorage.protocol.v1.ReadCheckpointFileRequest;
import io.moorage.protocol.v1.ReplicaServiceGrpc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Executor;

/** Gives other members copies of a group's state, and says what term it is in. */
public final class ReplicaServiceImpl extends ReplicaServiceGrpc.ReplicaServiceImplBase {
    private static final int CHUNK_BYTES = 512 * 1024;

    private final RaftHost raft;
    private final Checkpoints checkpoints;
    private final Executor executor;

    public ReplicaServiceImpl(RaftHost raft, Checkpoints checkpoints, Executor executor) {
        this.raft = raft;
        this.checkpoints = checkpoints;
        this.executor = executor;
    }

    @Override
    public void currentTerm(CurrentTermRequest request, StreamObserver<CurrentTermResponse> observer) {
        // Strong reads wait for it: not behind what reads from the disk.
        UnaryCalls.answer(
                observer,
                () -> CurrentTermResponse.newBuilder()
                        .setTerm(raft.term(Groups.parse(request.getGroupId())))
                        .setNodeId(raft.nodeId())
                        .build());
    }

    @Override
    public void openCheckpoint(OpenCheckpointRequest request, StreamObserver<OpenCheckpointResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            Checkpoints.Checkpoint checkpoint =
                    checkpoints.make(raft.replica(Groups.parse(request.getGroupId())), request.getMinIndex());
            return OpenCheckpointResponse.newBuilder()
                    .setCheckpointId(checkpoint.id())
                    .setTerm(checkpoint.position().term())
                    .setIndex(checkpoint.position().index())
                    .addAllFiles(checkpoint.files())
                    .build();
        });
    }

    @Override
    public void readCheckpointFile(ReadCheckpointFileRequest request, StreamObserver<CheckpointChunk> observer) {
        ServerCallStreamObserver<CheckpointChunk> call = (ServerCallStreamObserver<CheckpointChunk>) observer;
        Pacer<CheckpointChunk> pacer = new Pacer<>(call);
        executor.execute(() -> {
            try (FileChannel file = FileChannel.open(
                    checkpoints.file(request.getCheckpointId(), request.getName()), StandardOpenOption.READ)) {
                long position = request.getOffset();
                while (position < file.size()) {
                    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, file.size() - position));
                    int n = file.read(buffer, position);
                    if (n <= 0) {
                        break;
                    }
                    byte[] data = Arrays.copyOf(buffer.array(), n);
                    pacer.send(CheckpointChunk.newBuilder()
                            .setData(UnsafeByteOperations.unsafeWrap(data))
                            .setCrc32C(Checksums.crc32c(data))
                            .build());
                    position += n;
                    // Still in use.
                    checkpoints.file(request.getCheckpointId(), request.getName());
                }
                call.onCompleted();
            } catch (Pacer.Gone e) {
                // Nobody listens any more.
            } catch (IOException | RuntimeException e) {
                call.onError(CallErrors.toStatus(e));
            }
        });
    }

    @Override
    public void closeCheckpoint(CloseCheckpointRequest request, StreamObserver<CloseCheckpointResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            checkpoints.close(request.getCheckpointId());
            return CloseCheckpointResponse.getDefaultInstance();
        });
    }
}
