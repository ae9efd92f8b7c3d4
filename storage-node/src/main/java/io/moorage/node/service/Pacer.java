package io.moorage.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.TimeUnit;

/** Sends no faster than the receiver takes it, so that what is under way stays bounded. */
final class Pacer<T> {
    /** The receiver went away. */
    static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone() {
            super(null, null, false, false);
        }
    }

    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ServerCallStreamObserver<T> call;

    Pacer(ServerCallStreamObserver<T> call) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::wake);
    }

    private synchronized void wake() {
        notifyAll();
    }

    synchronized void send(T response) {
        long giveUp = System.nanoTime() + STALL_NANOS;
        while (!call.isReady()) {
            long left = giveUp - System.nanoTime();
            if (call.isCancelled() || left <= 0) {
                throw new Gone();
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.SECONDS.toNanos(1)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Gone();
            }
        }
        call.onNext(response);
    }
}
