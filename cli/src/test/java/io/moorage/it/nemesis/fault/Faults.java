package io.moorage.it.nemesis.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All the faults, by name. */
public final class Faults {
    private Faults() {}

    public static List<Fault> all() {
        List<Fault> all = new ArrayList<>(ProcessFaults.all());
        all.addAll(NetworkFaults.all());
        all.addAll(DiskFaults.all());
        return all;
    }

    /** @param names with commas in between; empty = all */
    public static List<Fault> named(String names) {
        if (names.isBlank()) {
            return all();
        }
        List<String> wanted = Arrays.asList(names.split(","));
        List<String> known = all().stream().map(Fault::name).toList();
        if (!known.containsAll(wanted)) {
            throw new IllegalArgumentException("faults " + names + ": not all are known; known are " + known);
        }
        return all().stream().filter(fault -> wanted.contains(fault.name())).toList();
    }
}
