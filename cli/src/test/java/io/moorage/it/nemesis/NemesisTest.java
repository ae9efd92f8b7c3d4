package io.moorage.it.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.it.nemesis.fault.Faults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster is broken while clients work, shortly; {@code bench/nemesis.sh} does so for long. System properties: nemesis.seed,
 * nemesis.seconds of faults in a round, nemesis.rounds (each with the next seed and a new cluster), nemesis.nodes, nemesis.faults
 * (names with commas in between).
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 is needed, and signals")
class NemesisTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void whatClientsSawIsPossible() throws Exception {
        long seed = Long.getLong("nemesis.seed", 1);
        Duration length = Duration.ofSeconds(Long.getLong("nemesis.seconds", 15));
        int nodes = Integer.getInteger("nemesis.nodes", 3);
        String faults = System.getProperty("nemesis.faults", "");
        for (int round = 0; round < Integer.getInteger("nemesis.rounds", 1); round++) {
            Path work = Files.createDirectories(directory.resolve("round-" + round));
            Report report = new Nemesis(work, seed + round, length, nodes, Faults.named(faults)).run();
            System.out.println(report);
            assertThat(report.anomalies()).as("%s", report).isEmpty();
            assertThat(report.injected()).isPositive();
            assertThat(report.operations().values())
                    .as("each workload got something done")
                    .allMatch(counts -> counts.answered() > 0);
        }
    }
}
