package io.moorage.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.status.SpaceWatch;
import io.moorage.protocol.v1.AnswerBatch;
import io.moorage.protocol.v1.CallBatch;
import io.moorage.protocol.v1.StoreServiceGrpc;
import java.util.concurrent.Executor;

/** Clients' streams of calls. */
public final class StoreServiceImpl extends StoreServiceGrpc.StoreServiceImplBase {
    private final StoreCalls calls;
    private final Executor executor;

    /** @param executor carries out reads, which may wait for the log to be applied, and sends answers */
    public StoreServiceImpl(RaftHost raft, SpaceWatch space, Executor executor) {
        this.calls = new StoreCalls(raft, space, executor);
        this.executor = executor;
    }

    @Override
    public StreamObserver<CallBatch> converse(StreamObserver<AnswerBatch> answers) {
        return new CallStream(calls, executor, (ServerCallStreamObserver<AnswerBatch>) answers);
    }
}
