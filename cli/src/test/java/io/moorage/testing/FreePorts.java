package io.moorage.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports to listen on, which nobody does now: below those that connections get by themselves (from 32,768 on Linux), as one of these
 * would take such a port while its server is being restarted. None is given out twice before all were. Thread-safe.
 */
public final class FreePorts {
    private static final int FIRST = 11_000;
    private static final int END = 32_000;

    private static int next = ThreadLocalRandom.current().nextInt(FIRST, END);

    private FreePorts() {}

    /** For one server. */
    public static int one() {
        return range(1);
    }

    /** @return the first of those that all processes of a local cluster need, as for `--port-base` */
    public static int cluster() {
        return range(100);
    }

    /** @return the first of so many ports in a row */
    private static synchronized int range(int count) {
        for (int tried = 0; tried < END - FIRST; tried += count) {
            int first = next + count > END ? FIRST : next;
            next = first + count;
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row from " + FIRST + " to " + END);
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try {
                new ServerSocket(port).close();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
