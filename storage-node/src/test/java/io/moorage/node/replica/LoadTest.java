package io.moorage.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LoadTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final Load load = new Load(now::get);

    @Test
    void followsWhatGoesOnSlowly() {
        assertThat(load.perSecond()).isZero();
        second(1000);
        assertThat(load.perSecond()).as("after a burst").isLessThan(20);
        for (int i = 0; i < 600; i++) {
            second(100);
            load.perSecond();
        }
        assertThat(load.perSecond()).isCloseTo(100, Offset.offset(2.0));
        now.addAndGet(Load.CONSTANT_NANOS);
        assertThat(load.perSecond()).isCloseTo(37, Offset.offset(2.0));
    }

    @Test
    void isTheSameHoweverOftenItIsAskedFor() {
        for (int i = 0; i < 10; i++) {
            second(50);
        }
        double once = load.perSecond();
        Load often = new Load(now::get);
        for (int i = 0; i < 10; i++) {
            often.add(50);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            often.perSecond();
        }
        assertThat(often.perSecond()).isCloseTo(once, Offset.offset(0.1));
    }

    private void second(int operations) {
        load.add(operations);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }
}
