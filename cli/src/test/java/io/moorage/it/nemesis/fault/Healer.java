package io.moorage.it.nemesis.fault;

import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.MembershipExecutor;
import io.moorage.client.membership.MembershipPlanner;
import io.moorage.client.membership.MembershipPolicy;
import io.moorage.client.membership.MembershipStep;
import io.moorage.client.membership.Rebalance;
import io.moorage.it.nemesis.history.FaultLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks after the members of groups, as the operator does. Thread-safe. */
final class Healer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final int MEMBERS = 3;

    private final MoorageClient client;
    private final FaultLog log;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private volatile Set<String> draining = Set.of();
    private String said = "";

    Healer(MoorageClient client, FaultLog log) {
        this.client = client;
        this.log = log;
        executor.scheduleWithFixedDelay(this::round, 1, 1, TimeUnit.SECONDS);
    }

    /** From now on these nodes are to be without replicas. @param names of nodes */
    void drain(Set<String> names) {
        draining = names;
    }

    private void round() {
        try {
            List<NodeView> nodes = client.admin().describe(TIMEOUT);
            MembershipPolicy policy =
                    new MembershipPolicy(group -> MEMBERS, Duration.ofMinutes(10), Set.of(), draining);
            MembershipExecutor steps = new MembershipExecutor(client.admin());
            List<MembershipStep> plan = new MembershipPlanner(policy, nodes, Map.of()).plan();
            if (plan.isEmpty() && nodes.stream().allMatch(NodeView::reachable)) {
                // Also ends what was begun and is not wanted any more.
                plan = new Rebalance(policy, nodes).plan(1);
            }
            for (MembershipStep step : plan) {
                say(step.getClass().getSimpleName() + ", because " + step.reason());
                if (!(step instanceof MembershipStep.Blocked)) {
                    steps.execute(step);
                }
            }
        } catch (MoorageException e) {
            // Next round: nodes that do not answer are what is tested.
            say("not done, because " + e.getMessage());
        } catch (RuntimeException e) {
            log.add("healer failed: " + e);
        }
    }

    /** Not the same again and again. */
    private void say(String text) {
        if (!text.equals(said)) {
            said = text;
            log.add("healer: " + text);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
