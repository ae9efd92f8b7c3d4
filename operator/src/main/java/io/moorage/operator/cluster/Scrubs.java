package io.moorage.operator.cluster;

import io.moorage.client.MoorageException;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeView;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.crds.v1alpha1.cluster.ScrubStatus;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.text.Cron;
import io.moorage.protocol.v1.ScrubInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has storage nodes scrub their disks as spec.selfHealing.scrubSchedule asks, and tells what they found. The nodes remember what
 * they were asked for, so that this need not.
 */
final class Scrubs {
    /** One that could not be started for longer than this is left to the next time. */
    static final Duration LATEST = Duration.ofHours(6);

    private static final String ZONE = "UTC";

    private final EventRecorder events;

    Scrubs(EventRecorder events) {
        this.events = events;
    }

    /** Why the schedule is of no use, if it is. */
    static Optional<String> flaw(StorageCluster cluster, Instant now) {
        return Optional.ofNullable(cluster.getSpec().selfHealing().scrubSchedule())
                .flatMap(schedule -> Cron.flaw(schedule, ZONE, now))
                .map(flaw -> "spec.selfHealing.scrubSchedule: " + flaw + "; storage nodes are not scrubbed by it");
    }

    /** When the scrub that nodes should have begun was due; empty if there is none, or the schedule is of no use. */
    static Optional<Instant> due(StorageCluster cluster, Instant now) {
        String schedule = cluster.getSpec().selfHealing().scrubSchedule();
        if (schedule == null || flaw(cluster, now).isPresent()) {
            return Optional.empty();
        }
        String made = cluster.getMetadata().getCreationTimestamp();
        return Cron.parse(schedule, ZONE)
                .atOrBefore(now)
                .filter(due -> due.isAfter(now.minus(LATEST)))
                .filter(due -> made == null || due.isAfter(Instant.parse(made)));
    }

    /** Those that answer and were not asked for it yet. */
    static List<NodeView> waiting(List<NodeView> nodes, Instant due) {
        return nodes.stream()
                .filter(node -> node.info()
                        .filter(info -> info.getScrub().getDueMs() < due.toEpochMilli())
                        .isPresent())
                .toList();
    }

    /** Begins what is due: a short call for each node. */
    void start(StorageCluster cluster, ClusterAdmin admin, List<NodeView> nodes, Instant now) {
        due(cluster, now).ifPresent(due -> {
            List<String> begun = new ArrayList<>();
            for (NodeView node : waiting(nodes, due)) {
                String name = node.info().orElseThrow().getName();
                try {
                    admin.startScrub(node.address(), due);
                    begun.add(name);
                } catch (MoorageException e) {
                    events.warning(
                            cluster,
                            "ScrubNotStarted",
                            "storage node " + name + " was not told to scrub, and will be: " + e.getMessage());
                }
            }
            if (!begun.isEmpty()) {
                events.normal(
                        cluster,
                        "ScrubStarted",
                        "storage nodes scrub their disks, as was due at " + due + ": " + begun);
            }
        });
    }

    /** Tells of bad copies that the status did not tell of before. */
    void tell(StorageCluster cluster, List<NodeView> nodes) {
        for (int ordinal = 0; ordinal < nodes.size(); ordinal++) {
            String name = Names.node(cluster, ordinal);
            nodes.get(ordinal)
                    .info()
                    .filter(info -> info.getScrub().getBad() > 0)
                    .map(info -> status(info.getScrub()))
                    .filter(now -> known(cluster, name)
                            .filter(before -> now.startedAt().equals(before.startedAt())
                                    && now.bad().equals(before.bad()))
                            .isEmpty())
                    .ifPresent(now -> events.warning(
                            cluster,
                            "ScrubFoundBad",
                            "the scrub of storage node " + name + " found " + now.bad()
                                    + " damaged copies; they are mended from the other replicas. Disks that lose data"
                                    + " lose more: look at this one"));
        }
    }

    private static Optional<ScrubStatus> known(StorageCluster cluster, String node) {
        return cluster.getStatus() == null
                ? Optional.empty()
                : cluster.getStatus().nodes().stream()
                        .filter(each -> each.name().equals(node) && each.scrub() != null)
                        .map(NodeStatus::scrub)
                        .findFirst();
    }

    /** How far it is changes all the time, and is not told. */
    static ScrubStatus status(ScrubInfo scrub) {
        boolean finished = scrub.getFinishedMs() > 0;
        return new ScrubStatus(
                time(scrub.getStartedMs()),
                finished ? time(scrub.getFinishedMs()) : null,
                finished ? scrub.getBytes() : null,
                scrub.getBad());
    }

    /** By when every node had ended its last one; empty: one has not, or has never begun. */
    static Optional<String> finished(List<NodeStatus> nodes) {
        boolean all = !nodes.isEmpty()
                && nodes.stream()
                        .allMatch(node -> node.scrub() != null && node.scrub().finishedAt() != null);
        return all
                ? nodes.stream()
                        .map(node -> node.scrub().finishedAt())
                        .max(java.util.Comparator.comparing(Instant::parse))
                : Optional.empty();
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
