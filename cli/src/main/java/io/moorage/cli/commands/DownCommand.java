package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.ClusterLock;
import io.moorage.cli.cluster.LocalCluster;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops a local cluster. */
@Command(name = "down", description = "Stops the cluster on this machine; its data stays.")
public final class DownCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--delete-data", description = "delete the cluster, with everything that was stored in it")
    private boolean deleteData;

    DownCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        LocalCluster cluster = session.cluster();
        boolean ran;
        try (ClusterLock lock = ClusterLock.take(cluster.directory())) {
            ran = cluster.anyRuns();
            cluster.stop(session::warn);
            if (deleteData) {
                // Under the lock: its file goes with the rest.
                cluster.delete();
            }
        }
        if (session.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("data", cluster.directory().toString());
            json.put("stopped", ran);
            json.put("deleted", deleteData);
            session.printJson(json);
        } else {
            session.say("The cluster " + (ran ? "is stopped" : "was not running")
                    + (deleteData ? ", and its data deleted." : "; its data stays in " + cluster.directory()));
        }
        return ExitCode.DONE.number();
    }
}
