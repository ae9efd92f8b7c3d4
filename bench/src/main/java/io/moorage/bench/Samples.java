package io.moorage.bench;

import java.util.Arrays;
import java.util.List;

/** How long the operations of one client took, and what went wrong. For one thread. */
public final class Samples {
    private long[] nanos = new long[1024];
    private int count;
    private long errors;
    private String lastError = "";

    public void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = value;
    }

    public void failed(String message) {
        errors++;
        lastError = message;
    }

    public long errors() {
        return errors;
    }

    /**
     * Those of all clients.
     *
     * @param nanos sorted
     * @param anError of any client, "" if there was none
     */
    public record Summary(long[] nanos, long errors, String anError) {
        public static Summary of(List<Samples> all) {
            return new Summary(
                    all.stream()
                            .flatMapToLong(each -> Arrays.stream(each.nanos, 0, each.count))
                            .sorted()
                            .toArray(),
                    all.stream().mapToLong(Samples::errors).sum(),
                    all.stream()
                            .filter(each -> each.errors > 0)
                            .findFirst()
                            .map(each -> each.lastError)
                            .orElse(""));
        }

        public int operations() {
            return nanos.length;
        }

        /** In milliseconds; 0 if there are none. @param fraction 0 to 1 */
        public double percentile(double fraction) {
            return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, nanos.length * fraction)] / 1e6;
        }

        public void printError() {
            if (errors > 0) {
                System.out.println("  " + anError);
            }
        }
    }
}
