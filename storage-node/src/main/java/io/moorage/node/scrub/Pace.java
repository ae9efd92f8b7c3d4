package io.moorage.node.scrub;

/** Keeps a rate: whoever was faster waits, and who was slower does not catch up. For one thread. */
final class Pace {
    private final double nanosPerByte;
    private long notBefore = System.nanoTime();

    Pace(long bytesPerSecond) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
    }

    /** How long to wait, in nanoseconds, after so many bytes. */
    long spent(long bytes) {
        long now = System.nanoTime();
        notBefore = (now - notBefore > 0 ? now : notBefore) + (long) (bytes * nanosPerByte);
        return notBefore - now;
    }
}
