package io.moorage.it.nemesis.check;

/**
 * Something that must not be.
 *
 * @param workload whose promise it breaks
 * @param what in one sentence
 * @param evidence what was seen, as text of many lines; may be empty
 */
public record Anomaly(String workload, String what, String evidence) {
    @Override
    public String toString() {
        return workload + ": " + what + (evidence.isEmpty() ? "" : "\n" + evidence);
    }
}
