package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk gets back what was replaced. */
class FreedSpaceTest {
    private static final int BYTES = 20_000_000;

    @TempDir
    Path directory;

    @Test
    void whatWasReplacedBeforeARestartIsFreedAfterItThoughUploadsThatMayStillBeCommittedStayForADay() throws Exception {
        try (InProcessCluster cluster = new InProcessCluster(directory, 1, Map.of())) {
            VolumeStore volume = cluster.volume("v");
            ClusterTest.put(volume, "f", ClusterTest.data(BYTES), CallOptions.DEFAULT);
            ClusterTest.put(volume, "f", ClusterTest.data(1), CallOptions.DEFAULT);
            assertThat(extentBytes()).isGreaterThanOrEqualTo(BYTES);
            cluster.stop(0);
            cluster.configure(0, "MOORAGE_EXTENTS_READER_GRACE", "1s");
            cluster.start(0);
            await().atMost(Duration.ofSeconds(60)).until(() -> extentBytes() == 0);
            cluster.awaitReady("v");
            assertThat(ClusterTest.get(volume, "f", CallOptions.DEFAULT)).isEqualTo(ClusterTest.data(1));
        }
    }

    private long extentBytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".ext"))
                    .mapToLong(FreedSpaceTest::size)
                    .sum();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                // One was deleted just now.
                return extentBytes();
            }
            throw e;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
