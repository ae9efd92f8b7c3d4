package io.moorage.client.call;

import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.StoreServiceGrpc;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream to every node that is called, made anew when it broke. Thread-safe; calls block. */
final class CallStreams implements AutoCloseable {
    private final NodeChannels channels;
    private final Map<String, CallStream> streams = new ConcurrentHashMap<>();
    /** As many threads as there are streams that are sending. */
    private final ExecutorService sender = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "calls");
        thread.setDaemon(true);
        return thread;
    });

    CallStreams(NodeChannels channels) {
        this.channels = channels;
    }

    /**
     * @param address host:port
     * @throws CallFailure if the node refuses it, is not reached, or does not answer in time
     */
    Answer call(String address, Call.Builder call, long timeoutNanos) {
        call.setTimeoutMs((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
        CallStream stream = to(address);
        CallStream.Sent sent = stream.send(call);
        try {
            Answer answer = sent.answer().get(timeoutNanos, TimeUnit.NANOSECONDS);
            if (answer.hasError()) {
                throw new CallFailure(answer.getError());
            }
            return answer;
        } catch (ExecutionException e) {
            throw (CallFailure) e.getCause();
        } catch (TimeoutException e) {
            throw gaveUp(stream, sent, address + " did not answer in " + timeoutNanos / 1_000_000 + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gaveUp(stream, sent, "interrupted while waiting for " + address);
        }
    }

    private static CallFailure gaveUp(CallStream stream, CallStream.Sent sent, String why) {
        ErrorDetail detail = ErrorDetail.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_UNAVAILABLE)
                .setMessage(why)
                .setNotApplied(stream.forget(sent.id()))
                .build();
        return new CallFailure(detail, true);
    }

    private CallStream to(String address) {
        CallStream known = streams.get(address);
        if (known != null && !known.broken()) {
            return known;
        }
        return streams.compute(
                address,
                (key, present) -> present != null && !present.broken()
                        ? present
                        : new CallStream(StoreServiceGrpc.newStub(channels.to(key)), sender));
    }

    @Override
    public void close() {
        sender.shutdown();
    }
}
