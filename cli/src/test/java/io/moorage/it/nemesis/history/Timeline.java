package io.moorage.it.nemesis.history;

import io.moorage.it.nemesis.check.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A history as people read it: a line an operation, by when it was called, with the milliseconds from call to answer, a mark on those
 * that found no place in any order, and the faults in between.
 */
public final class Timeline {
    private static final int LINES_AROUND = 40;
    private static final double NANOS_PER_MS = 1e6;

    private record Line(long nanos, String text, boolean marked) {}

    private Timeline() {}

    /**
     * @param startNanos what times are counted from
     * @param placed those that found a place in the longest order; the others are marked
     */
    public static <I, O> String of(
            long startNanos, List<Operation<I, O>> history, List<Operation<I, O>> placed, List<FaultLog.Entry> faults) {
        Set<Operation<I, O>> good = new HashSet<>(placed);
        List<Line> lines = new ArrayList<>();
        for (Operation<I, O> operation : history) {
            boolean marked = !operation.isOpen() && !good.contains(operation);
            lines.add(new Line(operation.callNanos(), text(startNanos, operation, marked), marked));
        }
        for (FaultLog.Entry fault : faults) {
            lines.add(new Line(
                    fault.nanos(),
                    String.format(
                            Locale.ROOT, "%10.1f            ---- %s", ms(startNanos, fault.nanos()), fault.text()),
                    false));
        }
        lines.sort(Comparator.comparingLong(Line::nanos));
        return String.join("\n", around(lines).stream().map(Line::text).toList());
    }

    /** What comes before and after the first that is marked. */
    private static List<Line> around(List<Line> lines) {
        int first = 0;
        while (first < lines.size() && !lines.get(first).marked()) {
            first++;
        }
        return lines.subList(Math.max(0, first - LINES_AROUND), Math.min(lines.size(), first + LINES_AROUND));
    }

    private static String text(long startNanos, Operation<?, ?> operation, boolean marked) {
        String end =
                operation.isOpen() ? "?" : String.format(Locale.ROOT, "%.1f", ms(startNanos, operation.returnNanos()));
        return String.format(
                Locale.ROOT,
                "%10.1f .. %-9s%s client %-3d %s -> %s",
                ms(startNanos, operation.callNanos()),
                end,
                marked ? "!" : " ",
                operation.client(),
                operation.input(),
                operation.isOpen() ? "unknown" : operation.output());
    }

    private static double ms(long startNanos, long nanos) {
        return (nanos - startNanos) / NANOS_PER_MS;
    }
}
