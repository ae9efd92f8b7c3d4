package io.moorage.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchTurnsTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int FEW = BatchTurns.MANY - 1;

    private final BatchTurns turns = new BatchTurns(3);
    private long now = Long.MAX_VALUE - MS; // nanoTime may pass over the end

    @Test
    void nothingNeverGoes() {
        assertThat(mayGo(0)).isFalse();
    }

    @Test
    void oneWhoIsAloneNeverWaits() {
        for (int i = 0; i < 3; i++) {
            assertThat(mayGo(1)).isTrue();
            turns.sent();
            assertThat(turns.answered(1, 0, MS, now)).isZero();
        }
    }

    @Test
    void whatArrivesMeanwhileSharesTheNextBatch() {
        turns.sent();
        assertThat(mayGo(BatchTurns.WORTH_COMMANDS - 1)).isFalse();
        assertThat(turns.answered(FEW, 5, MS, now)).isZero();
        assertThat(mayGo(5)).isTrue();
    }

    @Test
    void manyGoAlongWithOthersUntilTooManyBatchesAreUnderWay() {
        for (int i = 0; i < 3; i++) {
            assertThat(mayGo(BatchTurns.WORTH_COMMANDS)).isTrue();
            assertThat(turns.mayGo(1, BatchTurns.WORTH_BYTES, now)).isTrue();
            turns.sent();
        }
        assertThat(mayGo(BatchTurns.WORTH_COMMANDS)).isFalse();
    }

    @Test
    void thoseWhoWereAnsweredTogetherAreWaitedForAndThenAllGo() {
        turns.sent();
        assertThat(turns.answered(30, 20, MS, now)).isEqualTo(MS);
        assertThat(mayGo(49)).isFalse();
        assertThat(mayGo(50)).isTrue();
    }

    @Test
    void nobodyWaitsLongerThanTheLastBatchTookForThoseWhoDoNotComeBack() {
        turns.sent();
        long patience = turns.answered(30, 20, MS, now);
        now += patience - 1;
        assertThat(mayGo(20)).isFalse();
        now++;
        assertThat(mayGo(20)).isTrue();
        assertThat(mayGo(0)).isFalse();
    }

    @Test
    void patienceEndsAfterTwoMilliseconds() {
        turns.sent();
        assertThat(turns.answered(30, 20, 1000 * MS, now)).isEqualTo(2 * MS);
    }

    @Test
    void noMoreAreExpectedThanWhatGoesAnyway() {
        turns.sent();
        turns.answered(500, 20, MS, now);
        assertThat(mayGo(BatchTurns.WORTH_COMMANDS)).isTrue();
        turns.sent();
        assertThat(turns.answered(500, BatchTurns.WORTH_COMMANDS, MS, now)).isZero();
    }

    @Test
    void afterABatchOfFewNobodyIsExpected() {
        turns.sent();
        turns.answered(30, 20, MS, now);
        turns.sent();
        assertThat(turns.answered(FEW, 1, MS, now)).isZero();
        assertThat(mayGo(1)).isTrue();
    }

    private boolean mayGo(int waiting) {
        return turns.mayGo(waiting, waiting, now);
    }
}
