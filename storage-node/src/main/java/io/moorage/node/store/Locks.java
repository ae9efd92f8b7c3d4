package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Retention;
import io.moorage.protocol.v1.RetentionMode;

/**
 * Who may remove a version for good, as S3 Object Lock has it
 * (docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html). Times are group time.
 */
final class Locks {
    private Locks() {}

    /** @throws Refusal LOCKED: a legal hold, or a retention that runs and is not bypassed, keeps the entry */
    static void checkRemovable(String key, Entry entry, long nowMs, boolean bypassGovernance) {
        ObjectLock lock = entry.getLock();
        if (lock.getLegalHold()) {
            throw locked(key, entry, "is under legal hold: end the hold first");
        }
        if (runs(lock, nowMs)) {
            boolean governance = lock.getMode() == RetentionMode.RETENTION_MODE_GOVERNANCE;
            if (!governance || !bypassGovernance) {
                throw locked(
                        key,
                        entry,
                        "is retained until " + lock.getRetainUntilMs() + " ms since the epoch"
                                + (governance ? ": wait, or bypass governance" : ", and nobody can change that"));
            }
        }
    }

    /** @throws Refusal LOCKED: what runs would become weaker, and may not */
    static void checkChange(String key, Entry entry, Retention next, long nowMs, boolean bypassGovernance) {
        checkFuture(next.getMode(), next.getRetainUntilMs(), nowMs);
        ObjectLock lock = entry.getLock();
        boolean weaker = next.getMode() != lock.getMode() || next.getRetainUntilMs() < lock.getRetainUntilMs();
        boolean bypassed = lock.getMode() == RetentionMode.RETENTION_MODE_GOVERNANCE && bypassGovernance;
        if (runs(lock, nowMs) && weaker && !bypassed) {
            throw locked(
                    key,
                    entry,
                    "is retained until " + lock.getRetainUntilMs()
                            + " ms since the epoch, which can be made later, and neither earlier nor of another mode");
        }
    }

    /** @throws Refusal INVALID_ARGUMENT: a retention that would have ended already */
    static void checkFuture(RetentionMode mode, long retainUntilMs, long nowMs) {
        if (mode != RetentionMode.RETENTION_MODE_UNSPECIFIED && retainUntilMs <= nowMs) {
            throw Refusal.invalid("retain_until_ms is " + retainUntilMs + ", which is not after the group's time "
                    + nowMs + "; give a time in the future");
        }
    }

    private static boolean runs(ObjectLock lock, long nowMs) {
        return lock.getMode() != RetentionMode.RETENTION_MODE_UNSPECIFIED && lock.getRetainUntilMs() > nowMs;
    }

    private static Refusal locked(String key, Entry entry, String why) {
        return Refusal.of(
                ErrorCode.ERROR_CODE_LOCKED, "version " + entry.getVersion() + " of " + KeyRules.show(key) + " " + why);
    }
}
