package io.moorage.it.nemesis.history;

/**
 * What became of operations.
 *
 * @param answered they were carried out, and said so
 * @param unknown nobody could say
 * @param refused they certainly had no effect
 */
public record Counts(long answered, long unknown, long refused) {
    public static final Counts NONE = new Counts(0, 0, 0);

    public Counts plus(Counts other) {
        return new Counts(answered + other.answered, unknown + other.unknown, refused + other.refused);
    }

    public long all() {
        return answered + unknown + refused;
    }

    @Override
    public String toString() {
        return answered + " answered, " + unknown + " of unknown outcome, " + refused + " refused";
    }
}
