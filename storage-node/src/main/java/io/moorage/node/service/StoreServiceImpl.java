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
    private final Executor answers;

    /**
     * @param reads carries out reads, which may wait for the log to be applied
     * @param answers sends what is ready; nothing on it waits
     */
    public StoreServiceImpl(RaftHost raft, SpaceWatch space, Executor reads, Executor answers) {
        this.calls = new StoreCalls(raft, space, reads);
        this.answers = answers;
    }

    @Override
    public StreamObserver<CallBatch> converse(StreamObserver<AnswerBatch> observer) {
        return new CallStream(calls::start, answers, (ServerCallStreamObserver<AnswerBatch>) observer);
    }
}
