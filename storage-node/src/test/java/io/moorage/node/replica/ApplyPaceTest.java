package io.moorage.node.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ApplyPaceTest {
    private final ApplyPace pace = new ApplyPace(Duration.ofHours(1));
    private final ApplyWaiters waiters = new ApplyWaiters(pace);

    @Test
    void restEndsByItselfWhenNobodyWaits() {
        long began = System.nanoTime();
        new ApplyPace(Duration.ofMillis(20)).rest();
        assertThat(System.nanoTime() - began)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    @Test
    void nobodyRestsWhileSomebodyWaits() {
        pace.entered();
        pace.rest();
        pace.rest();
    }

    @Test
    void whoComesToWaitEndsTheRest() throws InterruptedException {
        assertThatRestEndsWith(pace::entered);
    }

    @Test
    void whoWaitsForAnIndexEndsTheRest() throws InterruptedException {
        assertThatRestEndsWith(() -> waiters.index(5, () -> 3));
    }

    @Test
    void whoWaitsForAChangeEndsTheRest() throws InterruptedException {
        assertThatRestEndsWith(() -> waiters.change(1));
    }

    @Test
    void whoNoLongerWaitsLetsItRest() throws InterruptedException {
        CompletableFuture<Void> index = waiters.index(5, () -> 3);
        pace.rest();
        index.cancel(false);
        assertThatRestEndsWith(() -> waiters.change(1));
    }

    private void assertThatRestEndsWith(Runnable waiter) throws InterruptedException {
        Thread resting = new Thread(pace::rest, "resting");
        resting.start();
        await().until(() -> resting.getState() == Thread.State.TIMED_WAITING);
        waiter.run();
        resting.join(Duration.ofSeconds(30).toMillis());
        assertThat(resting.isAlive()).isFalse();
    }
}
