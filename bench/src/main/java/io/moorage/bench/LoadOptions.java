package io.moorage.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** What load generators over HTTP are told alike. */
final class LoadOptions {
    @Option(names = "--size", defaultValue = "4096", description = "bytes of one body; 4096, 64KiB, 1MiB...")
    String size;

    @Option(names = "--clients", defaultValue = "64", description = "requests under way at once")
    int clients;

    @Option(names = "--seconds", defaultValue = "10", description = "that are counted")
    int seconds;

    @Option(names = "--warmup", defaultValue = "3", description = "seconds before them")
    int warmup;

    @Option(names = "--keys", defaultValue = "1000", description = "how many are read from, made, listed or deleted")
    int keys;

    @Option(names = "--process", description = "NAME=PID of a server process to watch; may be repeated")
    List<String> processes = List.of();
}
