package io.moorage.operator.cluster.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.GroupId;
import io.moorage.client.membership.MembershipStep;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 2));

    private long now = Long.MAX_VALUE - 1;
    private final Patience patience = new Patience(() -> now);

    @Test
    void stepIsDueWhenItWasPlannedForLongAndAsIs() {
        MembershipStep step = move("a.1");
        assertThat(patience.hasLasted(step)).isFalse();
        pass(Patience.WAIT);
        assertThat(patience.hasLasted(step)).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(patience.hasLasted(step)).isTrue();
        assertThat(patience.hasLasted(move("b.1"))).as("to another node").isFalse();
        patience.forget(step);
        assertThat(patience.hasLasted(step)).as("forgotten").isFalse();
    }

    @Test
    void stepThatWasNotPlannedForLongBeginsAnew() {
        assertThat(patience.hasLasted(move("a.1"))).isFalse();
        pass(Patience.WAIT.multipliedBy(4));
        assertThat(patience.hasLasted(move("a.1"))).isFalse();
    }

    @Test
    void groupIsTriedOnceInAWhile() {
        assertThat(patience.isFirstTry(GROUP)).isTrue();
        assertThat(patience.isFirstTry(new GroupId(new UUID(1, 3)))).isTrue();
        pass(Patience.BETWEEN_TRIES);
        assertThat(patience.isFirstTry(GROUP)).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(patience.isFirstTry(GROUP)).isTrue();
    }

    private static MembershipStep move(String to) {
        return new MembershipStep.MoveLeader(GROUP, to, "why");
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
