package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs docs/tour.sh, which is the documented tour and a test. */
@Command(
        name = "tour",
        description = {
            "Shows in some minutes what Moorage is for: starts a cluster in a temporary directory, stores real files, kills"
                    + " a storage node, fetches everything back, compares every byte, and clears up.",
            "docs/tour.md explains each step."
        })
public final class TourCommand implements Callable<Integer> {
    @SuppressWarnings("unused")
    private final Session session;

    @Option(names = "--size", paramLabel = "MIB", description = "store about so much (default: all that there is)")
    private Integer size;

    @Option(names = "--port-base", paramLabel = "PORT", description = "count all ports from this one (default: 21000)")
    private Integer portBase;

    @Option(names = "--keep", description = "leave the cluster running")
    private boolean keep;

    TourCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("moorage.home", "."), "docs", "tour.sh");
        if (!Files.exists(script)) {
            throw Failure.of(
                    ExitCode.NOT_FOUND, "the tour is part of the source tree, and " + script + " is not there");
        }
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        if (size != null) {
            command.addAll(List.of("--size", size.toString()));
        }
        if (portBase != null) {
            command.addAll(List.of("--port-base", portBase.toString()));
        }
        if (keep) {
            command.add("--keep");
        }
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
