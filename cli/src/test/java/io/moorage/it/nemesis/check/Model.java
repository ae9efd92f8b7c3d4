package io.moorage.it.nemesis.check;

import java.util.Optional;

/**
 * What something does when it is asked by one at a time.
 *
 * @param <S> its states: immutable, with equals and hashCode
 * @param <I> what it is asked
 * @param <O> what it answers
 */
public interface Model<S, I, O> {
    S initial();

    /**
     * The state after an operation; empty: it cannot answer that in this state.
     *
     * @param output null: the answer is not known, and any would do
     */
    Optional<S> step(S state, I input, O output);

    /** Whether the state after this operation, of unknown answer, is the same whatever it was before. */
    default boolean erases(I input) {
        return false;
    }
}
