package io.moorage.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentLocation;
import io.moorage.node.extent.ExtentStoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtentReaperTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final ExtentKey REPLACED = new ExtentKey(1, 2, 3);
    private static final ExtentKey UNCOMMITTED = new ExtentKey(1, 2, 4);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ExtentReaper reaper =
            new ExtentReaper(ExtentStoreOptions.DEFAULT, InstantSource.fixed(NOW), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static ExtentLocation written(Duration ago) {
        return new ExtentLocation(1, 0, 1, 1, 0, NOW.minus(ago).toEpochMilli());
    }

    @Test
    void whatWasReplacedStaysForReadersAndForNotSoLongWhenSpaceIsScarce() {
        reaper.released(REPLACED);
        pass(Duration.ofSeconds(59));
        assertThat(reaper.takeDue(true)).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(reaper.takeDue(false)).isEmpty();
        assertThat(reaper.takeDue(true)).containsExactly(REPLACED);
        assertThat(reaper.waitingReleased()).isEmpty();
    }

    @Test
    void whatWasReplacedGoesAfterTheGrace() {
        reaper.released(REPLACED);
        pass(Duration.ofMinutes(10));
        assertThat(reaper.takeDue(false)).containsExactly(REPLACED);
    }

    @Test
    void whatMayBeAnUploadIsNotHurried() {
        reaper.unreferenced(UNCOMMITTED, written(Duration.ofHours(23)));
        pass(Duration.ofMinutes(59));
        assertThat(reaper.takeDue(true)).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(reaper.takeDue(true)).containsExactly(UNCOMMITTED);
    }

    @Test
    void whatWasReplacedIsRememberedOverARestartAndWhatMayBeAnUploadIsNot(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("released");
        assertThat(ReleasedFile.take(file)).isEmpty();
        reaper.released(REPLACED);
        reaper.unreferenced(UNCOMMITTED, written(Duration.ZERO));
        ReleasedFile.write(file, reaper.waitingReleased());
        assertThat(ReleasedFile.take(file)).containsExactly(REPLACED);
        assertThat(ReleasedFile.take(file)).as("once").isEmpty();
    }

    @Test
    void whatIsNamedAgainStays() {
        reaper.released(REPLACED);
        reaper.referenced(REPLACED);
        pass(Duration.ofDays(2));
        assertThat(reaper.takeDue(true)).isEmpty();
    }
}
