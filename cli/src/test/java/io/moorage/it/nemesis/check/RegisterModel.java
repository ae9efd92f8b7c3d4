package io.moorage.it.nemesis.check;

import java.util.Objects;
import java.util.Optional;

/** A key that holds a value and a version, or nothing. Versions grow from write to write. */
public final class RegisterModel implements Model<RegisterModel.State, RegisterModel.Input, RegisterModel.Output> {
    /** Of an answer that does not tell the value. */
    public static final String NOT_TOLD = "(not told)";

    /** A version that nobody was told. */
    private static final long UNTOLD = -1;

    /**
     * @param value null: there is nothing
     * @param version of what is there; -1 = whoever wrote it was not told; 0 = nothing is there
     * @param least the newest version that was told so far: what comes is newer
     */
    public record State(String value, long version, long least) {}

    /** What is asked. */
    public sealed interface Input {}

    public record Read() implements Input {}

    public record Write(String value) implements Input {}

    /** @param expected null: there must be nothing */
    public record Swap(String expected, String value) implements Input {}

    public record Delete() implements Input {}

    /**
     * What was answered.
     *
     * @param done of a swap: whether it was done
     * @param value of a read: what is there; of a write or delete: what was there before
     * @param version of what is there now; 0 = nothing, or not told
     */
    public record Output(boolean done, String value, long version) {}

    @Override
    public State initial() {
        return new State(null, 0, 0);
    }

    @Override
    public Optional<State> step(State state, Input input, Output output) {
        if (input instanceof Read) {
            return output == null ? Optional.of(state) : read(state, output);
        }
        if (input instanceof Write write) {
            boolean possible = output == null || isPossible(output.value(), state.value());
            return possible ? written(state, write.value(), output) : Optional.empty();
        }
        if (input instanceof Delete) {
            boolean possible = output == null || isPossible(output.value(), state.value());
            return possible ? Optional.of(new State(null, 0, state.least())) : Optional.empty();
        }
        Swap swap = (Swap) input;
        boolean swaps = Objects.equals(swap.expected(), state.value());
        if (output != null && output.done() != swaps) {
            return Optional.empty();
        }
        return swaps ? written(state, swap.value(), output) : Optional.of(state);
    }

    @Override
    public boolean erases(Input input) {
        return input instanceof Write || input instanceof Delete;
    }

    private static boolean isPossible(String told, String value) {
        return NOT_TOLD.equals(told) || Objects.equals(told, value);
    }

    private static Optional<State> read(State state, Output output) {
        if (!isPossible(output.value(), state.value())) {
            return Optional.empty();
        }
        if (state.value() == null) {
            return Optional.of(state);
        }
        if (state.version() != UNTOLD) {
            return state.version() == output.version() ? Optional.of(state) : Optional.empty();
        }
        return output.version() > state.least()
                ? Optional.of(new State(state.value(), output.version(), output.version()))
                : Optional.empty();
    }

    private static Optional<State> written(State state, String value, Output output) {
        if (output == null) {
            return Optional.of(new State(value, UNTOLD, state.least()));
        }
        return output.version() > state.least()
                ? Optional.of(new State(value, output.version(), output.version()))
                : Optional.empty();
    }
}
