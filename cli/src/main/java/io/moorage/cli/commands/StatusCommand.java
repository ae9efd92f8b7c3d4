package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.Table;
import io.moorage.cli.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How a cluster is doing. */
@Command(
        name = "status",
        description = {
            "Shows the processes of the cluster on this machine, their roles, lag and disks, and its volumes.",
            "With --api it shows another cluster. The exit code is 5 if it is stopped or not available."
        })
public final class StatusCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Session session;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            description = "wait so long at most until everything runs and every replica is ready and misses nothing")
    private Duration wait = Duration.ZERO;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        ClusterReport report = report();
        while (!report.isWhole() && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
            report = report();
        }
        if (session.json()) {
            session.printJson(report.json());
        } else {
            print(report);
        }
        if (!wait.isZero() && !report.isWhole()) {
            throw Failure.of(ExitCode.UNAVAILABLE, "the cluster is not whole after " + Sizes.show(wait));
        }
        return (report.isAvailable() ? ExitCode.DONE : ExitCode.UNAVAILABLE).number();
    }

    private ClusterReport report() throws IOException {
        if (session.namedApi().isPresent()) {
            return ClusterReport.of(session.client());
        }
        LocalCluster cluster = session.cluster();
        return ClusterReport.of(cluster);
    }

    private void print(ClusterReport report) {
        session.print((report.directory() == null ? "Cluster" : "Cluster in " + report.directory()) + ", API "
                + report.api() + ": " + report.status()
                + (report.reason().isEmpty() ? "" : " (" + report.reason() + ")"));
        session.print("");
        session.console().out().print(nodes(report));
        if (!report.volumes().isEmpty()) {
            session.print("");
            session.console().out().print(volumes(report.volumes()));
        } else if (report.isAvailable()) {
            session.print("");
            session.print("No volumes yet: moorage" + session.dataOption() + " volume create NAME");
        }
    }

    private static Table nodes(ClusterReport report) {
        Table table = new Table().row("NODE", "PID", "STATE", "ADDRESS", "LEADS", "LAG", "MISSING", "STORED", "FREE");
        List<ClusterReport.Member> members = new ArrayList<>(report.nodes());
        members.addAll(report.others());
        for (ClusterReport.Member member : members) {
            boolean known = member.isKnown();
            table.row(
                    member.name(),
                    member.pid() == null ? "-" : member.pid(),
                    member.state() + (member.node().path("cordoned").asBoolean() ? ", cordoned" : ""),
                    member.address(),
                    known ? member.leads() + " of " + member.groups() : "-",
                    known ? member.lag() : "-",
                    known ? member.missingExtents() : "-",
                    known ? Sizes.show(member.storedBytes()) : "-",
                    known
                            ? Sizes.show(member.node().path("freeBytes").asLong()) + " of "
                                    + Sizes.show(
                                            member.node().path("capacityBytes").asLong())
                            : "-");
        }
        return table;
    }

    private static Table volumes(List<JsonNode> volumes) {
        Table table = new Table().row("VOLUME", "STATUS", "ENTRIES", "SIZE", "REPLICAS");
        for (JsonNode volume : volumes) {
            List<String> replicas = new ArrayList<>();
            volume.path("status").path("replicas").forEach(replica -> replicas.add(replica(replica)));
            table.row(
                    volume.path("name").asText(),
                    volume.path("status").path("phase").asText(),
                    volume.path("usage").path("entries").asLong(),
                    Sizes.show(volume.path("usage").path("bytes").asLong()),
                    String.join(", ", replicas));
        }
        return table;
    }

    /** For example "node-1 leader", "node-2 follower (catching-up, 17 behind)". */
    static String replica(JsonNode replica) {
        List<String> remarks = new ArrayList<>();
        String state = replica.path("state").asText();
        if (!state.equals("ready")) {
            remarks.add(state);
        }
        if (replica.path("lag").asLong() > 0) {
            remarks.add(replica.path("lag").asLong() + " behind");
        }
        if (replica.path("missingExtents").asLong() > 0) {
            remarks.add(replica.path("missingExtents").asLong() + " extents missing");
        }
        return replica.path("node").asText()
                + (state.equals("unreachable") ? "" : " " + replica.path("role").asText())
                + (remarks.isEmpty() ? "" : " (" + String.join(", ", remarks) + ")");
    }
}
