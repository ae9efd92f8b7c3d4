package io.moorage.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.AnswerBatch;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.CallBatch;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * One client's stream of calls. Answers that are ready together travel together. A client that does not take its answers, or has
 * very many calls under way, is not read from until that changes.
 */
final class CallStream implements StreamObserver<CallBatch> {
    private static final int MAX_UNANSWERED = 2048;
    private static final int MAX_READY_BYTES = 8 << 20;
    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    /** Answers that wait to go out while more are made. gRPC's own 32 KiB are eight values of 4 KiB: each wait costs two wake-ups. */
    private static final int WAITING_BYTES = 256 << 10;

    private static final int SMALL_BYTES = 16 << 10;

    private final Function<Call, CompletableFuture<Answer.Builder>> calls;
    private final Executor executor;
    private final ServerCallStreamObserver<AnswerBatch> out;
    private final ArrayDeque<Answer> ready = new ArrayDeque<>();
    private long readyBytes;
    private int unanswered;
    /** The next message was asked for and is not here yet. */
    private boolean asked = true;

    private boolean sending;
    private boolean halfClosed;
    private boolean cancelled;

    /**
     * @param calls begins a call; its answer has no id yet
     * @param executor for answers that others may go along with
     */
    CallStream(
            Function<Call, CompletableFuture<Answer.Builder>> calls,
            Executor executor,
            ServerCallStreamObserver<AnswerBatch> out) {
        this.calls = calls;
        this.executor = executor;
        this.out = out;
        out.disableAutoRequest();
        out.setOnReadyThreshold(WAITING_BYTES);
        out.setOnReadyHandler(this::startSending);
        out.setOnCancelHandler(this::cancel);
        out.request(1);
    }

    @Override
    public void onNext(CallBatch batch) {
        synchronized (this) {
            asked = false;
            unanswered += batch.getCallsCount();
        }
        for (Call call : batch.getCallsList()) {
            calls.apply(call)
                    .whenComplete((answer, failure) -> answered(
                            call.getId(),
                            failure == null ? answer : Answer.newBuilder().setError(CallErrors.detail(failure))));
        }
        askForMore();
    }

    private void answered(long id, Answer.Builder answer) {
        Answer complete = answer.setId(id).build();
        synchronized (this) {
            ready.add(complete);
            readyBytes += complete.getSerializedSize();
        }
        startSending();
    }

    /**
     * What becomes ready until the executor comes to it goes along. When nothing else is waited for, there is nothing that could, and an
     * answer of this size is sent sooner than another thread is woken; what becomes ready meanwhile is not for this thread.
     */
    private void startSending() {
        boolean atOnce;
        synchronized (this) {
            if (sending || cancelled || ready.isEmpty()) {
                return;
            }
            sending = true;
            atOnce = ready.size() == unanswered && readyBytes <= SMALL_BYTES;
        }
        if (atOnce && (!sendOne() || isEnded())) {
            complete();
            return;
        }
        try {
            executor.execute(this::send);
        } catch (RejectedExecutionException e) {
            send();
        }
    }

    private void send() {
        boolean sent = true;
        while (sent) {
            sent = sendOne();
        }
        complete();
    }

    /** False: there was nothing to send; sending has ended. */
    private boolean sendOne() {
        AnswerBatch batch = next();
        if (batch != null) {
            out.onNext(batch);
            askForMore();
        }
        return batch != null;
    }

    /** True: nothing became ready while something was sent, and sending has ended. */
    private synchronized boolean isEnded() {
        sending = !ready.isEmpty();
        return !sending;
    }

    /** Null: nothing is ready, or the client does not take more now; sending has then ended. */
    private synchronized AnswerBatch next() {
        if (cancelled || ready.isEmpty() || !out.isReady()) {
            sending = false;
            return null;
        }
        AnswerBatch.Builder batch = AnswerBatch.newBuilder();
        int bytes = 0;
        while (!ready.isEmpty() && (bytes == 0 || bytes + ready.peek().getSerializedSize() <= MAX_MESSAGE_BYTES)) {
            Answer answer = ready.poll();
            bytes += answer.getSerializedSize();
            batch.addAnswers(answer);
        }
        readyBytes -= bytes;
        unanswered -= batch.getAnswersCount();
        return batch.build();
    }

    private synchronized void askForMore() {
        if (!asked && !halfClosed && !cancelled && unanswered < MAX_UNANSWERED && readyBytes < MAX_READY_BYTES) {
            asked = true;
            out.request(1);
        }
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            halfClosed = true;
        }
        complete();
    }

    private synchronized void complete() {
        if (halfClosed && !cancelled && unanswered == 0 && !sending) {
            cancelled = true;
            out.onCompleted();
        }
    }

    @Override
    public void onError(Throwable cause) {
        cancel();
    }

    private synchronized void cancel() {
        cancelled = true;
        ready.clear();
        readyBytes = 0;
    }
}
