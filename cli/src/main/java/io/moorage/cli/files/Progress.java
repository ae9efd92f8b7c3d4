package io.moorage.cli.files;

import io.moorage.cli.Console;
import io.moorage.cli.Sizes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One line on a terminal that says how far a transfer is: bytes, rate, time left. Appears after a second, so that short ones stay
 * quiet; on anything but a terminal it is quiet always. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    private static final long FIRST_MILLIS = 1000;
    private static final long EVERY_MILLIS = 250;

    private final Console console;
    private final String task;
    private final ScheduledExecutorService clock;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final long started = System.nanoTime();
    private boolean shown;
    private double rate;
    private long lastDone;
    private long lastNanos = started;

    /** @param visible whether somebody wants to see it, if there is a terminal */
    public Progress(Console console, String task, boolean visible) {
        this.console = console;
        this.task = task;
        if (visible && console.terminal()) {
            clock = Executors.newSingleThreadScheduledExecutor(runnable -> {
                Thread thread = new Thread(runnable, "progress");
                thread.setDaemon(true);
                return thread;
            });
            clock.scheduleAtFixedRate(this::draw, FIRST_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            clock = null;
        }
    }

    /** So many more bytes are to be transferred. */
    public void expect(long bytes) {
        expected.addAndGet(bytes);
    }

    /** Bytes were transferred; negative: they have to be once more. */
    void moved(long bytes) {
        done.addAndGet(bytes);
    }

    void fileDone() {
        files.incrementAndGet();
    }

    /** Bytes so far. */
    long bytes() {
        return done.get();
    }

    /** Since it was made. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Writes a line of its own without tearing this one. */
    public synchronized void interrupt(Runnable line) {
        erase();
        line.run();
    }

    private synchronized void draw() {
        long now = System.nanoTime();
        long bytes = done.get();
        double seconds = (now - lastNanos) / 1e9;
        double present = Math.max(0, (bytes - lastDone) / seconds);
        rate = rate == 0 ? bytes * 1e9 / (now - started) : 0.85 * rate + 0.15 * present;
        lastDone = bytes;
        lastNanos = now;
        shown = true;
        console.err().print("\r\033[K" + line(task, bytes, expected.get(), files.get(), rate));
        console.err().flush();
    }

    /** For example: put  45%  12.0 MiB of 26.7 MiB  3.2 MiB/s  4.6 s left  17 files */
    static String line(String task, long done, long expected, long files, double rate) {
        StringBuilder line = new StringBuilder(task);
        if (expected > 0) {
            line.append(String.format("  %3d%%", Math.min(100, Math.max(0, done) * 100 / expected)));
        }
        line.append("  ").append(Sizes.show(done));
        if (expected > 0) {
            line.append(" of ").append(Sizes.show(expected));
        }
        line.append("  ").append(Sizes.show((long) rate)).append("/s");
        if (expected > done && rate >= 1) {
            Duration left = Duration.ofMillis((long) ((expected - done) * 1000.0 / rate));
            line.append("  ").append(Sizes.show(left)).append(" left");
        }
        if (files > 0) {
            line.append("  ").append(Sizes.count(files, "file", "files"));
        }
        return line.toString();
    }

    private void erase() {
        if (shown) {
            console.err().print("\r\033[K");
            console.err().flush();
            shown = false;
        }
    }

    @Override
    public void close() {
        if (clock != null) {
            clock.shutdownNow();
        }
        synchronized (this) {
            erase();
        }
    }
}
