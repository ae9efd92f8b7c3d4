package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.RemotePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Listings and sums. */
public final class ListCommands {
    private ListCommands() {}

    /** Lists a directory. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists a directory of a volume.")
    public static final class Ls implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "VOLUME:PATH")
        private String place;

        @Option(names = "-l", description = "with sizes and times")
        private boolean details;

        @Option(names = "-R", description = "with all that is below")
        private boolean recursive;

        @Override
        public Integer call() throws IOException {
            RemotePath directory = RemotePath.parse(place);
            int cut = recursive ? 0 : directory.directory().key().length();
            List<JsonNode> all = new ArrayList<>();
            Listing.forEach(session.client(), directory, recursive, entry -> {
                if (session.json()) {
                    all.add(entry);
                    return;
                }
                String key = entry.get("key").asText().substring(cut);
                if (key.isEmpty()) {
                    return;
                }
                if (details) {
                    System.out.printf(
                            "%12s  %-24s  %s%n",
                            entry.get("kind").asText().equals("directory")
                                    ? "-"
                                    : Sizes.show(entry.get("size").asLong()),
                            entry.path("modifiedAt").asText("-"),
                            key);
                } else {
                    System.out.println(key);
                }
            });
            if (session.json()) {
                session.printJson(all);
            }
            return 0;
        }
    }

    /** Sums up a tree. */
    @Command(name = "du", mixinStandardHelpOptions = true, description = "Sums up what is in a directory of a volume.")
    public static final class Du implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "VOLUME:PATH")
        private String place;

        @Override
        public Integer call() throws IOException {
            long[] sums = new long[2];
            Listing.forEach(session.client(), RemotePath.parse(place), true, entry -> {
                sums[0] += entry.get("size").asLong();
                sums[1]++;
            });
            if (session.json()) {
                session.printJson(Map.of("bytes", sums[0], "entries", sums[1]));
            } else {
                System.out.println(Sizes.show(sums[0]) + " in " + sums[1] + " entries");
            }
            return 0;
        }
    }
}
