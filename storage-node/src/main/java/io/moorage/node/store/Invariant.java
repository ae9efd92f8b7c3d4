package io.moorage.node.store;

/** Something that must always be so was not: a bug, or damaged data. The replica that sees it stops. */
public final class Invariant {

    /** Thrown by {@link #check}. */
    public static final class Violation extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    private Invariant() {}

    /** Always on. */
    public static void check(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new Violation(String.format(java.util.Locale.ROOT, format, arguments));
        }
    }
}
