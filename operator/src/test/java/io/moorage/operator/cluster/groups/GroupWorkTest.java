package io.moorage.operator.cluster.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.GroupId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupWorkTest {
    @Test
    void membersThatTakeLongToJoinHoldUpNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (GroupWork work = new GroupWork()) {
            for (int i = 0; i < 40; i++) {
                assertThat(work.beginSlow(GroupId.random(), "joins", () -> await(never), () -> {}))
                        .isTrue();
            }
            assertThat(work.begin(GroupId.random(), "heals", () -> {}, done::countDown))
                    .isTrue();
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
