package io.moorage.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.config.NodeConfig;
import io.moorage.node.config.NodeConfigLoader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlushAheadTest {
    private static final int ENTRIES = 100;
    private static final int BYTES = 1 << 20;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Exception> failures = new ArrayList<>();
    private FlushAhead.Flush flush = () -> true;
    private boolean refusing;
    private int snapshots;
    private FlushAhead ahead;

    @BeforeEach
    void start() throws Exception {
        NodeConfig config = NodeConfigLoader.load(
                null,
                Map.of(
                        "MOORAGE_NODE_NAME",
                        "node-0",
                        "MOORAGE_STORAGE_DIRECTORY",
                        "/data/moorage",
                        "MOORAGE_RAFT_SNAPSHOT_LOG_ENTRIES",
                        "" + ENTRIES,
                        "MOORAGE_RAFT_SNAPSHOT_LOG_BYTES",
                        "" + BYTES));
        ahead = new FlushAhead(() -> flush.run(), failures::add, config.raft(), this::execute, () -> snapshots++);
        ahead.startAt(TermIndex.valueOf(3, 1000));
    }

    private void execute(Runnable task) {
        if (refusing) {
            throw new RejectedExecutionException();
        }
        tasks.add(task);
    }

    private void apply(long index, int bytes) {
        ahead.applied(TermIndex.valueOf(3, index), bytes);
    }

    @Test
    void flushesBesideAfterSoManyEntries() {
        for (int i = 1; i < ENTRIES; i++) {
            apply(1000 + i, 1);
        }
        assertThat(tasks).isEmpty();
        apply(1100, 1);
        apply(1101, 1);
        assertThat(ahead.done()).as("it waits for its thread").isEqualTo(TermIndex.valueOf(3, 1000));

        tasks.remove().run();
        assertThat(ahead.done()).as("what was applied when it was due").isEqualTo(TermIndex.valueOf(3, 1100));
        assertThat(snapshots).isEqualTo(1);
        apply(1199, 1);
        assertThat(tasks).as("counted from there").isEmpty();
        apply(1200, 1);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void flushesBesideAfterSoManyBytes() {
        apply(1001, BYTES);
        assertThat(tasks).isEmpty();
        apply(1002, 1);
        assertThat(tasks).hasSize(1);
        apply(1003, 2 * BYTES);
        assertThat(tasks).as("one at a time").hasSize(1);

        tasks.remove().run();
        apply(1004, 1);
        assertThat(tasks).as("what came meanwhile is counted").hasSize(1);
    }

    @Test
    void triesAgainWhenNoThreadWasFree() {
        refusing = true;
        apply(1001, 2 * BYTES);
        refusing = false;
        apply(1002, 1);
        tasks.remove().run();
        assertThat(ahead.done().getIndex()).isEqualTo(1002);
    }

    @Test
    void nothingIsDoneThatWasNotFlushed() {
        flush = () -> false;
        apply(1100, 1);
        tasks.remove().run();
        flush = () -> {
            throw new IOException("no space left");
        };
        apply(1200, 1);
        tasks.remove().run();

        assertThat(ahead.done().getIndex()).isEqualTo(1000);
        assertThat(snapshots).isZero();
        assertThat(failures)
                .singleElement()
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE)
                .hasMessage("no space left");
    }

    @Test
    void flushOfAStateThatWasExchangedMeanwhileIsNotOfTheNewOne() {
        apply(1100, 1);
        ahead.startAt(TermIndex.valueOf(3, 1050));
        tasks.remove().run();

        assertThat(ahead.done().getIndex()).isEqualTo(1050);
        assertThat(snapshots).isZero();
    }
}
