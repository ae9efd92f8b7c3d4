package io.moorage.cli.commands;

import io.moorage.cli.Console;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import java.io.IOException;
import java.time.Duration;

/** Says step by step what a long command does; on a terminal with the time that the present step takes. */
final class Steps {
    private static final long EVERY_MILLIS = 200;

    /** Part of a command. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    private final Session session;

    Steps(Session session) {
        this.session = session;
    }

    void run(String what, Step step) throws IOException {
        Console console = session.console();
        if (!console.terminal() || session.json()) {
            session.say("  " + what);
            step.run();
            return;
        }
        long started = System.nanoTime();
        Thread clock = new Thread(() -> tick(console, what, started), "clock");
        clock.setDaemon(true);
        clock.start();
        boolean done = false;
        try {
            step.run();
            done = true;
        } finally {
            stop(clock);
            console.err().print("\r\033[K");
            console.err().println("  " + what + (done ? "  " + elapsed(started) : "  failed"));
        }
    }

    private static void tick(Console console, String what, long started) {
        try {
            while (true) {
                console.err().print("\r\033[K  " + what + "  " + elapsed(started));
                console.err().flush();
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            // The step is over.
        }
    }

    private static void stop(Thread clock) {
        clock.interrupt();
        try {
            clock.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String elapsed(long started) {
        return Sizes.show(Duration.ofNanos(System.nanoTime() - started));
    }
}
