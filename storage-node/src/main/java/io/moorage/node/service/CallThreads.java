package io.moorage.node.service;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.moorage.protocol.v1.ReplicaServiceGrpc;
import io.moorage.protocol.v1.StoreServiceGrpc;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Which thread begins a call: one that waits for nothing, the thread that receives it, because to wake another one costs more than
 * the call does; the others, a handler. The server's own executor has to be a direct one for this.
 */
public final class CallThreads implements ServerCallExecutorSupplier {
    private static final Set<String> AT_ONCE = Set.of(
            StoreServiceGrpc.getConverseMethod().getFullMethodName(),
            ReplicaServiceGrpc.getCurrentTermMethod().getFullMethodName());

    private final Executor handlers;

    public CallThreads(Executor handlers) {
        this.handlers = handlers;
    }

    @Override
    public <ReqT, RespT> Executor getExecutor(ServerCall<ReqT, RespT> call, Metadata headers) {
        return AT_ONCE.contains(call.getMethodDescriptor().getFullMethodName())
                ? MoreExecutors.directExecutor()
                : handlers;
    }
}
