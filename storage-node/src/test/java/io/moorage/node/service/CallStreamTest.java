package io.moorage.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.AnswerBatch;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.CallBatch;
import io.moorage.protocol.v1.StatResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallStreamTest {
    private final Map<Long, CompletableFuture<Answer.Builder>> started = new HashMap<>();
    private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();
    private final Out out = new Out();
    private final CallStream stream = new CallStream(
            call -> started.computeIfAbsent(call.getId(), id -> new CompletableFuture<>()), handedOver::add, out);

    @Test
    void answerThatIsAllThatIsWaitedForIsSentAtOnce() {
        call(1);
        answer(1, 10);
        assertThat(out.sent()).isEqualTo(List.of(List.of(1L)));
        call(2);
        answer(2, 10);
        assertThat(out.sent()).isEqualTo(List.of(List.of(1L), List.of(2L)));
        assertThat(handedOver).isEmpty();
        assertThat(out.requested).isEqualTo(3);
    }

    @Test
    void answersOfCallsThatAreUnderWayTogetherTravelTogether() {
        call(1, 2, 3);
        answer(2, 10);
        answer(1, 10);
        answer(3, 10);
        assertThat(out.sent()).isEmpty();
        assertThat(handedOver).hasSize(1);
        handedOver.remove().run();
        assertThat(out.sent()).isEqualTo(List.of(List.of(2L, 1L, 3L)));
    }

    @Test
    void whatBecomesReadyWhileAnAnswerIsSentIsLeftToTheExecutor() {
        call(1);
        out.onNext = () -> {
            out.onNext = () -> {};
            call(2);
            answer(2, 10);
        };
        answer(1, 10);
        assertThat(out.sent()).isEqualTo(List.of(List.of(1L)));
        handedOver.remove().run();
        assertThat(out.sent()).isEqualTo(List.of(List.of(1L), List.of(2L)));
        assertThat(handedOver).isEmpty();
    }

    @Test
    void largeAnswerIsLeftToTheExecutor() {
        call(1);
        answer(1, 1 << 20);
        assertThat(out.sent()).isEmpty();
        handedOver.remove().run();
        assertThat(out.sent()).isEqualTo(List.of(List.of(1L)));
    }

    @Test
    void answerWaitsUntilTheClientTakesIt() {
        out.ready = false;
        call(1);
        answer(1, 10);
        assertThat(out.sent()).isEmpty();
        out.ready = true;
        out.onReady.run();
        assertThat(out.sent()).isEqualTo(List.of(List.of(1L)));
    }

    @Test
    void streamEndsWithItsLastAnswer() {
        call(1);
        stream.onCompleted();
        assertThat(out.completed).isFalse();
        answer(1, 10);
        assertThat(out.completed).isTrue();
    }

    @Test
    void nobodyIsAnsweredWhoHasGone() {
        call(1);
        out.onCancel.run();
        answer(1, 10);
        assertThat(out.sent()).isEmpty();
        assertThat(handedOver).isEmpty();
    }

    private void call(long... ids) {
        CallBatch.Builder batch = CallBatch.newBuilder();
        for (long id : ids) {
            batch.addCalls(Call.newBuilder().setId(id));
        }
        stream.onNext(batch.build());
    }

    private void answer(long id, int bytes) {
        started.get(id)
                .complete(Answer.newBuilder()
                        .setStat(StatResponse.newBuilder().setContent(ByteString.copyFrom(new byte[bytes]))));
    }

    private static final class Out extends ServerCallStreamObserver<AnswerBatch> {
        final List<AnswerBatch> batches = new ArrayList<>();
        boolean ready = true;
        boolean completed;
        int requested;
        Runnable onNext = () -> {};
        Runnable onReady;
        Runnable onCancel;

        List<List<Long>> sent() {
            return batches.stream()
                    .map(batch ->
                            batch.getAnswersList().stream().map(Answer::getId).toList())
                    .toList();
        }

        @Override
        public void onNext(AnswerBatch batch) {
            batches.add(batch);
            onNext.run();
        }

        @Override
        public void onError(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onCompleted() {
            completed = true;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void request(int count) {
            requested += count;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public void setOnReadyThreshold(int bytes) {
            // How much is too much is not asked here.
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void disableAutoRequest() {
            // Nothing is requested by itself here.
        }

        @Override
        public void disableAutoInboundFlowControl() {
            disableAutoRequest();
        }

        @Override
        public void setMessageCompression(boolean enable) {
            // There is none.
        }

        @Override
        public void setCompression(String compression) {
            // There is none.
        }
    }
}
