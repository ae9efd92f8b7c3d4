package io.moorage.node.raft;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitAnnouncementsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger announced = new AtomicInteger();
    private final CommitAnnouncements announcements = new CommitAnnouncements(timer, () -> {
        announced.incrementAndGet();
        return true;
    });

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    @Test
    void aCommitThatNothingFollowsIsAnnouncedOnce() {
        announcements.committed();
        await().untilAsserted(() -> assertThat(announced).hasValue(1));
        await().during(100, MILLISECONDS)
                .untilAsserted(() -> assertThat(announced).hasValue(1));
    }

    @Test
    void whatIsSentAfterACommitIsItsAnnouncement() {
        announcements.committed();
        announcements.sending();
        await().during(100, MILLISECONDS)
                .untilAsserted(() -> assertThat(announced).hasValue(0));
    }

    @Test
    void whoeverWaitsForAllHasItAnnouncedAtOnceAndOnlyOnce() {
        announcements.committed();
        announcements.atOnce();
        announcements.atOnce();
        assertThat(announced).hasValue(1);
    }

    @Test
    void nothingIsAnnouncedWhenNothingWasCommitted() {
        announcements.atOnce();
        assertThat(announced).hasValue(0);
    }

    @Test
    void whatCouldNotBeSentIsTriedAgain() {
        AtomicInteger tried = new AtomicInteger();
        CommitAnnouncements refused = new CommitAnnouncements(timer, () -> tried.incrementAndGet() > 1);
        refused.committed();
        refused.atOnce();
        assertThat(tried).hasValue(1);
        await().untilAsserted(() -> assertThat(tried).hasValue(2));
    }
}
