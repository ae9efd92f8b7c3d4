package io.moorage.cli;

import io.moorage.cli.cluster.Rehearsal;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Loads what most commands need, and what the processes of a cluster begin with, while the launcher has the JVM archive its classes
 * (JEP 350). Changes nothing and needs no cluster.
 */
public final class WarmUp {
    /** Nobody listens there: port 1 is reserved (tcpmux), and a refused connection takes no time. */
    private static final String NOBODY = "http://127.0.0.1:1";

    private WarmUp() {}

    public static void main(String[] arguments) throws Exception {
        Console nowhere = new Console(InputStream.nullInputStream(), silent(), silent(), false);
        for (List<String> command : List.of(
                List.of("--help"),
                List.of("volume", "ls", "--api", NOBODY),
                List.of("status", "--api", NOBODY, "--json"),
                List.of("ls", "a:b", "--api", NOBODY))) {
            Moorage.run(nowhere, Map.of(), command.toArray(String[]::new));
        }
        try {
            Rehearsal.run();
        } finally {
            // Whatever threads there are yet.
            System.exit(0);
        }
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }
}
