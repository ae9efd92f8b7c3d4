package io.moorage.node.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ApplyPaceTest {
    /** A thousand rests of ten milliseconds would take ten seconds. */
    private static final Duration MUCH_LESS = Duration.ofSeconds(5);

    private final ApplyPace pace = new ApplyPace();

    @Test
    void nobodyRestsWhileSomebodyWaits() {
        pace.entered();
        assertTimeoutPreemptively(MUCH_LESS, () -> rest(1000));
    }

    @Test
    void thoseWhoWaitForAnIndexOrAChangeAreWaitingUntilTheyHaveIt() {
        ApplyWaiters waiters = new ApplyWaiters(pace);
        CompletableFuture<Void> index = waiters.index(5, () -> 3);
        CompletableFuture<Void> change = waiters.change(1);
        assertTimeoutPreemptively(MUCH_LESS, () -> rest(1000));
        index.cancel(false);
        assertTimeoutPreemptively(MUCH_LESS, () -> rest(1000));
        change.complete(null);
        long began = System.nanoTime();
        rest(1);
        assertThat(System.nanoTime() - began)
                .isGreaterThanOrEqualTo(Duration.ofMillis(9).toNanos());
    }

    private void rest(int times) {
        for (int i = 0; i < times; i++) {
            pace.rest();
        }
    }
}
