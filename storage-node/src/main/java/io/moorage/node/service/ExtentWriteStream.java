package io.moorage.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentWriter;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.status.SpaceWatch;
import io.moorage.node.store.Refusal;
import io.moorage.protocol.borrow.BorrowedMessages;
import io.moorage.protocol.v1.FinishExtent;
import io.moorage.protocol.v1.OpenExtent;
import io.moorage.protocol.v1.WriteExtentRequest;
import io.moorage.protocol.v1.WriteExtentResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One stream of extents being written to this node, one after the other. They are acknowledged as they become durable. gRPC
 * hands in the next message only when the last one was dealt with, so that memory stays bounded by its window.
 */
final class ExtentWriteStream implements StreamObserver<WriteExtentRequest> {
    private final RaftHost raft;
    private final SpaceWatch space;
    private final BorrowedMessages<WriteExtentRequest> requests;
    private final ServerCallStreamObserver<WriteExtentResponse> call;
    private ExtentWriter current;
    private int unacknowledged;
    private boolean halfClosed;
    private boolean failed;

    ExtentWriteStream(
            RaftHost raft,
            SpaceWatch space,
            BorrowedMessages<WriteExtentRequest> requests,
            ServerCallStreamObserver<WriteExtentResponse> call) {
        this.raft = raft;
        this.space = space;
        this.requests = requests;
        this.call = call;
        call.setOnCancelHandler(this::cancelled);
    }

    @Override
    public void onNext(WriteExtentRequest request) {
        try {
            handle(request);
        } finally {
            requests.release(request);
        }
    }

    private void handle(WriteExtentRequest request) {
        synchronized (this) {
            if (failed) {
                return;
            }
        }
        try {
            if (request.hasOpen()) {
                open(request.getOpen());
            }
            if (request.hasFinish()) {
                finish(request);
            } else if (!request.getData().isEmpty()) {
                require().write(data(request), crcs(request));
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void open(OpenExtent open) throws IOException {
        if (current != null) {
            throw Refusal.invalid("an extent was opened before the last one was finished");
        }
        space.checkRoom();
        ExtentKey key = new ExtentKey(open.getVolumeId(), open.getIdHigh(), open.getIdLow());
        current = raft.replica(Groups.parse(open.getGroupId())).extents().create(key, open.getCapacity());
    }

    private static List<ByteBuffer> data(WriteExtentRequest request) {
        return request.getData().isEmpty() ? List.of() : request.getData().asReadOnlyByteBufferList();
    }

    private ExtentWriter require() {
        if (current == null) {
            throw Refusal.invalid("data came before an extent was opened");
        }
        return current;
    }

    private void finish(WriteExtentRequest request) {
        FinishExtent finish = request.getFinish();
        ExtentWriter writer = require();
        List<ByteBuffer> data = data(request);
        current = null;
        synchronized (this) {
            unacknowledged++;
        }
        writer.finish(data, crcs(request), finish.getLength(), finish.getCrc32C())
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        fail(failure);
                    } else {
                        acknowledge(writer.key());
                    }
                });
    }

    private synchronized void acknowledge(ExtentKey key) {
        unacknowledged--;
        if (!failed) {
            call.onNext(WriteExtentResponse.newBuilder()
                    .setIdHigh(key.high())
                    .setIdLow(key.low())
                    .build());
            completeIfDone();
        }
    }

    private synchronized void fail(Throwable cause) {
        if (!failed) {
            failed = true;
            abortCurrent();
            call.onError(CallErrors.toStatus(cause));
        }
    }

    private void completeIfDone() {
        if (halfClosed && unacknowledged == 0) {
            call.onCompleted();
        }
    }

    @Override
    public synchronized void onCompleted() {
        halfClosed = true;
        abortCurrent();
        if (!failed) {
            completeIfDone();
        }
    }

    @Override
    public void onError(Throwable cause) {
        cancelled();
    }

    private synchronized void cancelled() {
        failed = true;
        abortCurrent();
    }

    private void abortCurrent() {
        ExtentWriter writer = current;
        current = null;
        if (writer != null) {
            writer.abort();
        }
    }

    private static int[] crcs(WriteExtentRequest request) {
        int[] crcs = new int[request.getBlockCrc32CCount()];
        for (int i = 0; i < crcs.length; i++) {
            crcs[i] = request.getBlockCrc32C(i);
        }
        return crcs;
    }
}
