package io.moorage.it.nemesis.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.it.nemesis.check.Linearizability.Outcome;
import io.moorage.it.nemesis.check.RegisterModel.Delete;
import io.moorage.it.nemesis.check.RegisterModel.Input;
import io.moorage.it.nemesis.check.RegisterModel.Output;
import io.moorage.it.nemesis.check.RegisterModel.Read;
import io.moorage.it.nemesis.check.RegisterModel.State;
import io.moorage.it.nemesis.check.RegisterModel.Swap;
import io.moorage.it.nemesis.check.RegisterModel.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;

/** The search against histories of a real register, and against one that tries every order. */
class LinearizabilityProperties {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final RegisterModel MODEL = new RegisterModel();

    @Property(tries = 300)
    void historyOfARegisterIsAccepted(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        List<Operation<Input, Output>> history = of(new Random(seed), 120, 12);
        assertThat(Linearizability.check(MODEL, history, LIMIT).outcome()).isEqualTo(Outcome.LINEARIZABLE);
    }

    @Property(tries = 1500)
    void changedHistoryIsJudgedAsByTryingEveryOrder(@ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long seed) {
        Random random = new Random(seed);
        List<Operation<Input, Output>> history = of(random, 2 + random.nextInt(5), 4);
        for (int i = random.nextInt(3); i > 0; i--) {
            change(random, history);
        }
        boolean possible = anyOrder(history, new BitSet(), MODEL.initial());
        Statistics.label("linearizable").collect(possible);
        assertThat(Linearizability.check(MODEL, history, LIMIT).outcome())
                .as("%s", history)
                .isEqualTo(possible ? Outcome.LINEARIZABLE : Outcome.VIOLATED);
    }

    /** Operations that take effect at a random moment between their call and their return, some of them unanswered. */
    private static List<Operation<Input, Output>> of(Random random, int count, int overlap) {
        record Pending(Input input, long call, long effect, long end, boolean open, boolean happens) {}
        List<Pending> pending = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long call = 10L * i + random.nextInt(10);
            long end = call + 1 + random.nextInt(10 * overlap);
            boolean open = random.nextInt(8) == 0;
            long effect = call + random.nextInt((int) (end - call) * (open ? 3 : 1));
            pending.add(new Pending(input(random), call, effect, end, open, !open || random.nextBoolean()));
        }
        pending.sort(Comparator.comparingLong(Pending::effect));
        List<Operation<Input, Output>> history = new ArrayList<>();
        String value = null;
        long version = 0;
        long next = 1;
        for (Pending p : pending) {
            Output output = null;
            if (p.happens()) {
                String before = value;
                if (p.input() instanceof Read) {
                    output = new Output(true, value, version);
                } else if (p.input() instanceof Delete) {
                    value = null;
                    version = 0;
                    output = new Output(true, before, 0);
                } else {
                    Swap swap = p.input() instanceof Swap s ? s : null;
                    boolean done = swap == null || java.util.Objects.equals(swap.expected(), value);
                    if (done) {
                        value = swap == null ? ((Write) p.input()).value() : swap.value();
                        version = next++;
                    }
                    output = new Output(done, before, done ? version : 0);
                }
            }
            history.add(new Operation<>(
                    history.size(),
                    p.input(),
                    p.open() ? null : output,
                    p.call(),
                    p.open() ? Operation.NEVER : p.end()));
        }
        return history;
    }

    private static Input input(Random random) {
        String[] values = {"a", "b", "c"};
        String value = values[random.nextInt(3)];
        return switch (random.nextInt(6)) {
            case 0 -> new Delete();
            case 1 -> new Swap(random.nextInt(4) == 0 ? null : values[random.nextInt(3)], value);
            case 2, 3 -> new Write(value);
            default -> new Read();
        };
    }

    /** Something that was not so: another answer, or another time. */
    private static void change(Random random, List<Operation<Input, Output>> history) {
        int i = random.nextInt(history.size());
        Operation<Input, Output> o = history.get(i);
        Output output = o.output();
        if (output != null && random.nextBoolean()) {
            output = switch (random.nextInt(3)) {
                case 0 -> new Output(!output.done(), output.value(), output.version());
                case 1 -> new Output(output.done(), random.nextBoolean() ? null : "a", output.version());
                default -> new Output(output.done(), output.value(), random.nextInt(4));
            };
            history.set(i, new Operation<>(o.client(), o.input(), output, o.callNanos(), o.returnNanos()));
        } else if (!o.isOpen()) {
            long shift = random.nextInt(60) - 30L;
            history.set(
                    i, new Operation<>(o.client(), o.input(), output, o.callNanos() + shift, o.returnNanos() + shift));
        }
    }

    private static boolean anyOrder(List<Operation<Input, Output>> history, BitSet done, State state) {
        boolean over = true;
        for (int i = 0; i < history.size(); i++) {
            over &= done.get(i) || history.get(i).isOpen();
        }
        if (over) {
            return true;
        }
        for (int i = 0; i < history.size(); i++) {
            Operation<Input, Output> next = history.get(i);
            if (!done.get(i) && nobodyHadAnswered(history, done, next)) {
                State after = MODEL.step(state, next.input(), next.output()).orElse(null);
                if (after != null) {
                    BitSet more = (BitSet) done.clone();
                    more.set(i);
                    if (anyOrder(history, more, after)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean nobodyHadAnswered(
            List<Operation<Input, Output>> history, BitSet done, Operation<Input, Output> next) {
        for (int i = 0; i < history.size(); i++) {
            if (!done.get(i) && history.get(i).returnNanos() < next.callNanos()) {
                return false;
            }
        }
        return true;
    }
}
