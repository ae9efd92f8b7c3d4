package io.moorage.it.nemesis.check;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a history is linearizable: there is an order of its operations that the model can carry out one by one, and in which
 * none comes before one that had been answered when it was called. The search is that of Wing and Gong ("Testing and Verifying
 * Concurrent Objects", JPDC 1993) with Lowe's memory of what was tried ("Testing for linearizability", CCPE 2017), as in Porcupine
 * (Athalye, 2017): a set of operations and the state they led to is looked at once. Operations whose outcome is not known stay
 * open to the end, and need not have happened.
 */
public final class Linearizability {
    private static final int CLOCK_EVERY = 1 << 12;

    /** How a search ended. */
    public enum Outcome {
        LINEARIZABLE,
        VIOLATED,
        /** Neither was found in the time given. */
        UNDECIDED
    }

    /**
     * @param order the longest order that was found: the whole history, if it is linearizable
     */
    public record Verdict<I, O>(Outcome outcome, List<Operation<I, O>> order) {}

    private Linearizability() {}

    /** @param limit for the search, which may take exponential time */
    public static <S, I, O> Verdict<I, O> check(Model<S, I, O> model, List<Operation<I, O>> history, Duration limit) {
        return new Search<>(model, history, System.nanoTime() + limit.toNanos()).run();
    }

    /** A call or a return, in a list from which both are taken while the operation is in the order. */
    private static final class Event {
        final int operation;
        final boolean call;
        final long nanos;
        Event twin;
        Event before;
        Event after;

        Event(int operation, boolean call, long nanos) {
            this.operation = operation;
            this.call = call;
            this.nanos = nanos;
        }

        void unlink() {
            before.after = after;
            if (after != null) {
                after.before = before;
            }
        }

        void relink() {
            before.after = this;
            if (after != null) {
                after.before = this;
            }
        }
    }

    private record Tried<S>(BitSet done, S state) {}

    private record Step<S>(Event call, S before) {}

    private static final class Search<S, I, O> {
        private final Model<S, I, O> model;
        private final List<Operation<I, O>> history;
        private final long deadlineNanos;
        private final Event head = new Event(-1, false, 0);
        private final Set<Tried<S>> tried = new HashSet<>();
        private final Deque<Step<S>> order = new ArrayDeque<>();
        private final BitSet done;
        private List<Operation<I, O>> longest = List.of();
        private int closedLeft;
        private S state;

        Search(Model<S, I, O> model, List<Operation<I, O>> history, long deadlineNanos) {
            this.model = model;
            this.history = history;
            this.deadlineNanos = deadlineNanos;
            this.done = new BitSet(history.size());
            this.state = model.initial();
            this.closedLeft = (int) history.stream().filter(o -> !o.isOpen()).count();
            link();
        }

        private void link() {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < history.size(); i++) {
                Event call = new Event(i, true, history.get(i).callNanos());
                Event end = new Event(i, false, history.get(i).returnNanos());
                call.twin = end;
                end.twin = call;
                events.add(call);
                events.add(end);
            }
            // What happened at the same moment is taken as concurrent.
            events.sort(Comparator.comparingLong((Event e) -> e.nanos).thenComparing(e -> !e.call));
            Event last = head;
            for (Event event : events) {
                last.after = event;
                event.before = last;
                last = event;
            }
        }

        Verdict<I, O> run() {
            Event event = head.after;
            for (int turns = 1; closedLeft > 0; turns++) {
                if (turns % CLOCK_EVERY == 0 && System.nanoTime() > deadlineNanos) {
                    return verdict(Outcome.UNDECIDED);
                }
                if (event.call) {
                    event = tryNext(event) ? head.after : event.after;
                } else {
                    // It had been answered before anything that is left was called: something in the order was wrong.
                    if (order.size() > longest.size() || longest.isEmpty()) {
                        longest = inOrder();
                    }
                    if (order.isEmpty()) {
                        return verdict(Outcome.VIOLATED);
                    }
                    event = takeBack().after;
                }
            }
            longest = inOrder();
            return verdict(Outcome.LINEARIZABLE);
        }

        private boolean tryNext(Event call) {
            Operation<I, O> operation = history.get(call.operation);
            Optional<S> next = model.step(state, operation.input(), operation.output());
            if (next.isEmpty() || operation.isOpen() && isIdle(operation, next.get())) {
                return false;
            }
            done.set(call.operation);
            if (!tried.add(new Tried<>((BitSet) done.clone(), next.get()))) {
                done.clear(call.operation);
                return false;
            }
            order.push(new Step<>(call, state));
            state = next.get();
            call.unlink();
            call.twin.unlink();
            closedLeft -= operation.isOpen() ? 0 : 1;
            return true;
        }

        /** Whether one that need not have happened makes no difference here: it, or the one before that it would undo. */
        private boolean isIdle(Operation<I, O> operation, S next) {
            return next.equals(state)
                    || !order.isEmpty()
                            && history.get(order.peek().call().operation).isOpen()
                            && model.erases(operation.input());
        }

        private Event takeBack() {
            Step<S> step = order.pop();
            Event call = step.call();
            state = step.before();
            done.clear(call.operation);
            call.twin.relink();
            call.relink();
            closedLeft += history.get(call.operation).isOpen() ? 0 : 1;
            return call;
        }

        private List<Operation<I, O>> inOrder() {
            List<Operation<I, O>> operations = new ArrayList<>();
            order.descendingIterator().forEachRemaining(step -> operations.add(history.get(step.call().operation)));
            return operations;
        }

        private Verdict<I, O> verdict(Outcome outcome) {
            return new Verdict<>(outcome, longest);
        }
    }
}
