package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.process.ManagedProcess;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** A cluster that lives as long as the command that started it. */
final class Foreground {
    private static final long LOOK_EVERY_MILLIS = 1000;

    private final Session session;
    private final LocalCluster cluster;

    Foreground(Session session, LocalCluster cluster) {
        this.session = session;
        this.cluster = cluster;
    }

    /** Stops the cluster when this program ends: by Ctrl-C, by TERM, or because the start failed. */
    static void stopAtExit(Session session, LocalCluster cluster) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                session.say("Stopping the cluster");
                                cluster.stop(session::warn);
                                session.say("Stopped; the data stays in " + cluster.directory());
                            } catch (IOException | RuntimeException e) {
                                session.warn(e.getMessage());
                            }
                        },
                        "stop cluster"));
    }

    /** Until the program is ended, or all processes are. Says which end on their way. */
    int stay() throws IOException, InterruptedException {
        Set<String> missed = new HashSet<>();
        while (cluster.anyRuns()) {
            for (ManagedProcess process : cluster.essential()) {
                if (process.isRunning()) {
                    missed.remove(process.name());
                } else if (missed.add(process.name())) {
                    String moorage = "`moorage" + session.dataOption();
                    session.warn(process.name() + " has ended; " + moorage + " logs " + process.name() + "` says why"
                            + (process.name().equals(LocalCluster.SUPERVISOR)
                                    ? ", and " + moorage + " up` starts it again"
                                    : ""));
                }
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return ExitCode.DONE.number();
    }
}
