package io.moorage.it.nemesis.workload;

import io.moorage.client.MoorageException;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.util.Optional;

/** Carries operations out and writes down what came of them. */
final class Attempts {
    /** An operation. */
    interface Attempt<O> {
        O run() throws IOException;
    }

    private Attempts() {}

    /** Empty: it had no effect, or nobody knows. */
    static <I, O> Optional<O> run(History<I, O> history, String key, int client, I input, Attempt<O> attempt)
            throws IOException {
        return run(history, key, client, input, null, attempt);
    }

    /** @param refused the answer when a precondition does not hold; null = none is given */
    static <I, O> Optional<O> run(History<I, O> history, String key, int client, I input, O refused, Attempt<O> attempt)
            throws IOException {
        long call = System.nanoTime();
        try {
            O output = attempt.run();
            history.answered(key, client, input, output, call);
            return Optional.of(output);
        } catch (MoorageException e) {
            if (e.mayHaveTakenEffect()) {
                history.unknown(key, client, input, call);
            } else if (refused != null && e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                history.answered(key, client, input, refused, call);
            } else {
                history.refused();
            }
            return Optional.empty();
        }
    }
}
