package io.moorage.node.service;

import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.Executor;

/** Calls that have one answer, or fail. */
final class UnaryCalls {
    /** What makes the answer. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    private UnaryCalls() {}

    /** Has a call carried out by an executor, and its caller told, also when it fails. */
    static <T> void answer(Executor executor, StreamObserver<T> observer, Call<T> call) {
        executor.execute(() -> answer(observer, call));
    }

    /** Carries a call out on this thread and tells its caller, also when it fails. */
    static <T> void answer(StreamObserver<T> observer, Call<T> call) {
        try {
            observer.onNext(call.run());
            observer.onCompleted();
        } catch (IOException | RuntimeException e) {
            observer.onError(CallErrors.toStatus(e));
        }
    }
}
