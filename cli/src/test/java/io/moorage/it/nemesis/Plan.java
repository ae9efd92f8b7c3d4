package io.moorage.it.nemesis;

import io.moorage.it.nemesis.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which faults come one after the other or together, and for how long: the same for the same seed, as far as it goes.
 *
 * @param faults one, or some that come together
 * @param seed of what each of them chooses
 */
record Plan(List<Fault> faults, int millis, int pauseMillis, long seed) {
    private static final int MAX_TOGETHER = 2;

    static Plan next(SplittableRandom random, List<Fault> known) {
        List<Fault> chosen = new ArrayList<>();
        chosen.add(known.get(random.nextInt(known.size())));
        int together = random.nextInt(3) == 0 ? MAX_TOGETHER : 1;
        Fault another = known.get(random.nextInt(known.size()));
        if (together > 1
                && !chosen.contains(another)
                && !another.alone()
                && !chosen.get(0).alone()) {
            chosen.add(another);
        }
        return new Plan(chosen, 1500 + random.nextInt(4500), 500 + random.nextInt(2500), random.nextLong());
    }

    boolean isAlone() {
        return faults.stream().anyMatch(Fault::alone);
    }
}
