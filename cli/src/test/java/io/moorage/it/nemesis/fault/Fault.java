package io.moorage.it.nemesis.fault;

import java.util.SplittableRandom;

/**
 * One way to break a cluster, and to mend it again.
 *
 * @param name as it is asked for
 * @param alone whether a copy of acknowledged data is lost: nothing else may be broken then, as of three copies two must stay
 */
public record Fault(String name, boolean alone, Action action) {
    /** What is done to mend it. */
    public interface Repair {
        void run() throws Exception;
    }

    /** Breaks something. */
    public interface Action {
        /** @param random chooses what, so that a seed repeats it */
        Repair inject(NodeCluster cluster, SplittableRandom random) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
