package io.moorage.client.call;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.moorage.client.wire.CallErrors;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.AnswerBatch;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.CallBatch;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.StoreServiceGrpc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Calls to one node on one stream, many to a message: those that come while a message is being sent go with the next one. When
 * the stream breaks, its calls fail, and it takes no more. Thread-safe.
 */
final class CallStream implements ClientResponseObserver<CallBatch, AnswerBatch> {
    private static final int MAX_WAITING = 8192;
    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    /** Calls that wait to go out while more are sent: a few dozen with values. gRPC's own 32 KiB are eight of 4 KiB. */
    private static final int WAITING_BYTES = 256 << 10;

    private final Executor sender;
    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    private final Map<Long, CompletableFuture<Answer>> unanswered = new HashMap<>();
    private ClientCallStreamObserver<CallBatch> out;
    private long nextId = 1;
    private boolean sending;
    private boolean broken;

    /** @param sender has a thread for every stream */
    CallStream(StoreServiceGrpc.StoreServiceStub stub, Executor sender) {
        this.sender = sender;
        stub.withOnReadyThreshold(WAITING_BYTES).converse(this);
    }

    /** A call that was sent, or waits to be. */
    record Sent(long id, CompletableFuture<Answer> answer) {}

    synchronized boolean broken() {
        return broken;
    }

    /** @return its answer; fails with {@link CallFailure} when the stream breaks first */
    Sent send(Call.Builder call) {
        long id;
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        synchronized (this) {
            if (broken) {
                throw new CallFailure(unavailable("the connection was lost", true));
            }
            if (waiting.size() >= MAX_WAITING) {
                throw new CallFailure(ErrorDetail.newBuilder()
                        .setCode(ErrorCode.ERROR_CODE_SLOW_DOWN)
                        .setMessage(waiting.size() + " calls wait to be sent to the node")
                        .setRetryAfterMs(200)
                        .setNotApplied(true)
                        .build());
            }
            id = nextId++;
            unanswered.put(id, answer);
            waiting.add(call.setId(id).build());
        }
        startSending();
        return new Sent(id, answer);
    }

    /** Nobody waits for this answer any more. @return whether it was never sent, and will not be */
    synchronized boolean forget(long id) {
        unanswered.remove(id);
        return waiting.removeIf(call -> call.getId() == id);
    }

    private void startSending() {
        boolean alone;
        synchronized (this) {
            if (sending || broken || waiting.isEmpty()) {
                return;
            }
            sending = true;
            alone = unanswered.size() == 1;
        }
        if (alone) {
            sendFirst();
        } else {
            sender.execute(this::sendWaiting);
        }
    }

    /** By the caller itself: nothing would go along that comes until another thread has woken up. What comes meanwhile is not its. */
    private void sendFirst() {
        CallBatch batch = next();
        if (batch == null) {
            return;
        }
        send(batch);
        synchronized (this) {
            sending = !broken && !waiting.isEmpty();
            if (!sending) {
                return;
            }
        }
        sender.execute(this::sendWaiting);
    }

    private void sendWaiting() {
        for (CallBatch batch = next(); batch != null; batch = next()) {
            send(batch);
        }
    }

    private void send(CallBatch batch) {
        try {
            out.onNext(batch);
        } catch (IllegalStateException e) {
            // The other side closed it a moment ago.
            onError(e);
        }
    }

    /** Null: nothing waits, or the node takes no more now; sending has then ended. */
    private synchronized CallBatch next() {
        if (broken || waiting.isEmpty() || !out.isReady()) {
            sending = false;
            return null;
        }
        CallBatch.Builder batch = CallBatch.newBuilder();
        int bytes = 0;
        while (!waiting.isEmpty() && (bytes == 0 || bytes + waiting.peek().getSerializedSize() <= MAX_MESSAGE_BYTES)) {
            Call call = waiting.poll();
            bytes += call.getSerializedSize();
            batch.addCalls(call);
        }
        return batch.build();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<CallBatch> stream) {
        out = stream;
        stream.setOnReadyHandler(this::startSending);
    }

    @Override
    public void onNext(AnswerBatch batch) {
        List<CompletableFuture<Answer>> futures = new ArrayList<>(batch.getAnswersCount());
        synchronized (this) {
            for (Answer answer : batch.getAnswersList()) {
                futures.add(unanswered.remove(answer.getId()));
            }
        }
        for (int i = 0; i < futures.size(); i++) {
            if (futures.get(i) != null) {
                futures.get(i).complete(batch.getAnswers(i));
            }
        }
    }

    @Override
    public void onError(Throwable thrown) {
        // However the stream ended: its calls can be made again on another one.
        ErrorDetail detail = CallErrors.detail(thrown).toBuilder()
                .setCode(ErrorCode.ERROR_CODE_UNAVAILABLE)
                .build();
        List<CompletableFuture<Answer>> never = new ArrayList<>();
        List<CompletableFuture<Answer>> sent;
        synchronized (this) {
            broken = true;
            waiting.forEach(call -> never.add(unanswered.remove(call.getId())));
            waiting.clear();
            sent = new ArrayList<>(unanswered.values());
            unanswered.clear();
        }
        CallFailure uncertain = new CallFailure(detail);
        CallFailure certain =
                new CallFailure(detail.toBuilder().setNotApplied(true).build());
        never.forEach(future -> future.completeExceptionally(certain));
        sent.forEach(future -> future.completeExceptionally(uncertain));
    }

    @Override
    public void onCompleted() {
        onError(new CallFailure(unavailable("the node closed the stream", false)));
    }

    private static ErrorDetail unavailable(String message, boolean notApplied) {
        return ErrorDetail.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_UNAVAILABLE)
                .setMessage(message)
                .setNotApplied(notApplied)
                .build();
    }
}
