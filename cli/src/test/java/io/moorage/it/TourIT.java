package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented tour, as processes: real trees, a leader killed with -9 in the middle, every byte compared. */
class TourIT {
    @TempDir
    Path directory;

    @Test
    void everyByteSurvivesTheDeathOfTheLeader() throws Exception {
        Path log = directory.resolve("tour.log");
        ProcessBuilder tour = new ProcessBuilder("bash", "../docs/tour.sh")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        tour.environment().putAll(Distribution.environment());
        tour.environment().put("TOUR_JAVA_HOME", System.getProperty("java.home"));
        tour.environment().put("TOUR_PORTS", Integer.toString(FreePorts.cluster()));
        Process process = tour.start();
        boolean ended = process.waitFor(6, TimeUnit.MINUTES);
        if (!ended) {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
        }
        String output = Files.readString(log);
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("kill -9 of node-", "every byte is the same", "== done");
    }
}
