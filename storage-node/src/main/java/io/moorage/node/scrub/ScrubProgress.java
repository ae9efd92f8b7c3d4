package io.moorage.node.scrub;

import io.moorage.protocol.v1.ScrubInfo;

/**
 * What is known of the last scrub, or of the one that is under way. Immutable. Times are by the clock on the wall.
 *
 * @param dueMs the time that it was asked for
 * @param finishedMs 0: it is under way
 * @param bytes read so far
 * @param bad copies found so far
 * @param cursor null: at the beginning, or finished
 */
record ScrubProgress(long dueMs, long startedMs, long finishedMs, long bytes, long bad, ScrubCursor cursor) {
    static ScrubProgress begin(long dueMs, long nowMs) {
        return new ScrubProgress(dueMs, nowMs, 0, 0, 0, null);
    }

    boolean isUnderWay() {
        return finishedMs == 0;
    }

    ScrubProgress due(long ms) {
        return new ScrubProgress(ms, startedMs, finishedMs, bytes, bad, cursor);
    }

    ScrubProgress at(ScrubCursor next, long moreBytes, long moreBad) {
        return new ScrubProgress(dueMs, startedMs, 0, bytes + moreBytes, bad + moreBad, next);
    }

    ScrubProgress finished(long nowMs) {
        return new ScrubProgress(dueMs, startedMs, nowMs, bytes, bad, null);
    }

    ScrubInfo toProto() {
        return ScrubInfo.newBuilder()
                .setDueMs(dueMs)
                .setStartedMs(startedMs)
                .setFinishedMs(finishedMs)
                .setBytes(bytes)
                .setBad(bad)
                .build();
    }
}
