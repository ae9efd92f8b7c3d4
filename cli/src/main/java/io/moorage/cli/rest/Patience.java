package io.moorage.cli.rest;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to try again, and when to give up: exponential backoff with jitter inside a budget of time. A long attempt costs the
 * budget no more than ten seconds, so that a large upload that fails at its end is repeated too; one that got somewhere refills
 * it. Not thread-safe.
 */
final class Patience {
    private static final long FIRST_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 5_000;
    private static final long MOST_OF_AN_ATTEMPT_MILLIS = 10_000;

    private final long budgetMillis;
    private long spentMillis;
    private int failures;

    Patience(Duration budget) {
        this.budgetMillis = budget.toMillis();
    }

    /** What was tried got further than the one before. */
    void refill() {
        spentMillis = 0;
        failures = 0;
    }

    /**
     * After a failed attempt.
     *
     * @param attempt how long it took
     * @param askedSeconds what the server asked to wait; 0 = nothing
     * @return milliseconds to wait; empty = give up
     */
    OptionalLong next(Duration attempt, long askedSeconds) {
        long backoff = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failures, 10));
        long wait = ThreadLocalRandom.current().nextLong(backoff / 2, backoff + 1);
        wait = Math.max(wait, Math.min(askedSeconds, 60) * 1000 + wait / 4);
        failures++;
        spentMillis += Math.min(attempt.toMillis(), MOST_OF_AN_ATTEMPT_MILLIS) + wait;
        return spentMillis > budgetMillis ? OptionalLong.empty() : OptionalLong.of(wait);
    }
}
