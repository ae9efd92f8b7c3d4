package io.moorage.operator.cluster.resources;

/**
 * What became of an object.
 *
 * @param message for WAITING what is waited for, otherwise ""
 */
public record Outcome(Kind kind, String message) {
    /** What was done. */
    public enum Kind {
        /** It is as it should be; nothing was written. */
        UNCHANGED,
        CREATED,
        CHANGED,
        REMOVED,
        /** A step was made, or Kubernetes is at work: to be applied again, in a second or when the object changes. */
        WAITING
    }

    static Outcome of(Kind kind) {
        return new Outcome(kind, "");
    }

    static Outcome waiting(String message) {
        return new Outcome(Kind.WAITING, message);
    }
}
