package io.moorage.it.nemesis.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.it.nemesis.check.Linearizability.Outcome;
import io.moorage.it.nemesis.check.RegisterModel.Delete;
import io.moorage.it.nemesis.check.RegisterModel.Input;
import io.moorage.it.nemesis.check.RegisterModel.Output;
import io.moorage.it.nemesis.check.RegisterModel.Read;
import io.moorage.it.nemesis.check.RegisterModel.Swap;
import io.moorage.it.nemesis.check.RegisterModel.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of which it is known whether they are linearizable. */
class LinearizabilityTest {
    private final List<Operation<Input, Output>> history = new ArrayList<>();
    private int client;

    private LinearizabilityTest add(long call, long end, Input input, Output output) {
        history.add(new Operation<>(client++, input, output, call, end));
        return this;
    }

    private LinearizabilityTest open(long call, Input input) {
        return add(call, Operation.NEVER, input, null);
    }

    private static Output wrote(String before, long version) {
        return new Output(true, before, version);
    }

    private static Output saw(String value, long version) {
        return new Output(true, value, version);
    }

    private Outcome outcome() {
        return Linearizability.check(new RegisterModel(), history, Duration.ofSeconds(10))
                .outcome();
    }

    @Test
    void nothingIsLinearizable() {
        assertThat(outcome()).isEqualTo(Outcome.LINEARIZABLE);
    }

    @Test
    void readsThatOverlapAWriteMaySeeItOrNot() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(20, 50, new Write("b"), wrote("a", 2));
        add(25, 30, new Read(), saw("a", 1));
        add(31, 35, new Read(), saw("b", 2));
        assertThat(outcome()).isEqualTo(Outcome.LINEARIZABLE);
    }

    @Test
    void readsDoNotGoBack() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(20, 50, new Write("b"), wrote("a", 2));
        add(25, 30, new Read(), saw("b", 2));
        add(31, 35, new Read(), saw("a", 1));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void staleReadIsFound() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(20, 30, new Write("b"), wrote("a", 2));
        add(31, 35, new Read(), saw("a", 1));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void lostWriteIsFound() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(31, 35, new Read(), saw(null, 0));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void writeOfUnknownOutcomeMayTakeEffectLateOrNever() {
        add(0, 10, new Write("a"), wrote(null, 1));
        open(11, new Write("b"));
        add(20, 30, new Read(), saw("a", 1));
        add(100, 110, new Read(), saw("b", 7));
        assertThat(outcome()).isEqualTo(Outcome.LINEARIZABLE);
        add(120, 130, new Read(), saw("a", 1));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void writeOfUnknownOutcomeTakesEffectOnce() {
        open(0, new Write("b"));
        add(20, 30, new Read(), saw("b", 7));
        add(40, 50, new Delete(), new Output(true, "b", 0));
        add(60, 70, new Read(), saw(null, 0));
        assertThat(outcome()).isEqualTo(Outcome.LINEARIZABLE);
        add(80, 90, new Read(), saw("b", 9));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void ofTwoSwapsOfOneValueOneIsDone() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(20, 30, new Swap("a", "b"), wrote("", 2));
        add(21, 31, new Swap("a", "c"), new Output(false, null, 0));
        assertThat(outcome()).isEqualTo(Outcome.LINEARIZABLE);
        history.remove(2);
        add(21, 31, new Swap("a", "c"), wrote("", 3));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void refusedSwapOfWhatIsThereIsFound() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(20, 30, new Swap("a", "b"), new Output(false, null, 0));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void versionsGrow() {
        add(0, 10, new Write("a"), wrote(null, 5));
        add(20, 30, new Write("b"), wrote("a", 4));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void sameValueByAnotherVersionIsAnotherWrite() {
        add(0, 10, new Write("a"), wrote(null, 5));
        add(20, 30, new Read(), saw("a", 6));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void writeTellsWhatItReplaced() {
        add(0, 10, new Write("a"), wrote(null, 1));
        add(20, 30, new Write("b"), wrote(null, 2));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void manyThatOverlapAndManyOfUnknownOutcomeAreDecidedInTime() {
        for (int i = 0; i < 40; i++) {
            open(i, new Write("open-" + i));
        }
        for (int i = 0; i < 300; i++) {
            add(1000 + 10L * i, 1045 + 10L * i, new Write("w" + i), wrote(i == 0 ? null : "w" + (i - 1), i + 1));
        }
        add(10_000, 10_010, new Read(), saw("open-7", 900));
        assertThat(outcome()).isEqualTo(Outcome.LINEARIZABLE);
        add(10_020, 10_030, new Read(), saw("w3", 4));
        assertThat(outcome()).isEqualTo(Outcome.VIOLATED);
    }

    @Test
    void searchThatTakesTooLongSaysSo() {
        for (int i = 0; i < 60; i++) {
            add(i, 1000, new Write("w" + i), null);
        }
        add(2000, 2010, new Read(), saw("none", 5));
        assertThat(Linearizability.check(new RegisterModel(), history, Duration.ofMillis(200))
                        .outcome())
                .isEqualTo(Outcome.UNDECIDED);
    }
}
