package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.Condition;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.Endpoints;
import io.moorage.crds.v1alpha1.volume.SnapshotSchedule;
import io.moorage.crds.v1alpha1.volume.VolumeReplica;
import io.moorage.crds.v1alpha1.volume.VolumeReplicaBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.text.Cron;
import io.moorage.operator.text.Sizes;
import io.moorage.protocol.v1.VolumeUsage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Turns what was found out into a status. Pure. */
final class VolumeStatuses {
    /** A lag below this comes and goes with every write, and is no news. */
    private static final long LAG_NOISE = 1000;

    private VolumeStatuses() {}

    /** What is not known any more, such as the usage of a volume whose group does not answer, stays as it was. */
    static VolumeStatus of(Volume volume, StorageCluster cluster, Assessment found, Instant now) {
        VolumeStatus before = volume.getStatus();
        VolumeStatusBuilder status =
                before == null ? VolumeStatusBuilder.builder() : VolumeStatusBuilder.builder(before);
        status.observedGeneration(volume.getMetadata().getGeneration());
        if (found.group().isPresent()) {
            GroupView group = found.group().get();
            status.group(group.id().toString())
                    .leader(group.leader().orElse(null))
                    .replicas(group.replicas())
                    .readyReplicas(group.readyReplicas());
        } else if (before != null) {
            // Nobody says anything about its group. Which one it is stays written, made or not.
            status.leader(null)
                    .readyReplicas(before.volumeId() == null ? null : 0)
                    .replicas(before.replicas().stream()
                            .map(VolumeStatuses::unreachable)
                            .toList());
        }
        if (found.volume().isPresent()) {
            VolumeUsage usage = found.volume().get().getUsage();
            status.volumeId(found.volume().get().getId())
                    .entries(usage.getEntries())
                    .logicalBytes(usage.getLogicalBytes())
                    .usedBytes(usage.getStoredBytes())
                    .used(Sizes.show(usage.getStoredBytes()))
                    .endpoints(new Endpoints(endpoint(volume, cluster), ApiEndpoints.s3(cluster)));
        }
        return status.conditions(conditions(volume, before, found, now)).build();
    }

    private static List<Condition> conditions(Volume volume, VolumeStatus before, Assessment found, Instant now) {
        Conditions conditions = new Conditions(
                before == null ? null : before.conditions(),
                volume.getMetadata().getGeneration(),
                now);
        Assessment.Verdict ready = found.ready();
        conditions.set(Moorage.READY, ready.holds(), ready.reason(), ready.message());
        found.progressing()
                .ifPresentOrElse(
                        verdict -> conditions.set(Moorage.PROGRESSING, true, verdict.reason(), verdict.message()),
                        () -> conditions.set(Moorage.PROGRESSING, false, "Idle", "nothing is being changed"));
        Optional<Assessment.Verdict> degraded = joined(schedule(volume, now), found.degraded());
        if (degraded.isPresent()) {
            conditions.set(
                    Moorage.DEGRADED,
                    true,
                    degraded.get().reason(),
                    degraded.get().message());
        } else if (found.volume().isPresent()) {
            conditions.set(Moorage.DEGRADED, false, "AsAsked", "all replicas are ready");
        } else {
            conditions.unknown(Moorage.DEGRADED, ready.reason(), "its replicas are not known");
        }
        return conditions.list();
    }

    private static Optional<Assessment.Verdict> schedule(Volume volume, Instant now) {
        SnapshotSchedule schedule = volume.getSpec().snapshots();
        return schedule == null
                ? Optional.empty()
                : Cron.flaw(schedule.schedule(), schedule.timeZone(), now)
                        .map(flaw -> new Assessment.Verdict(
                                true, "InvalidSchedule", "spec.snapshots: " + flaw + "; no snapshots are made by it"));
    }

    private static Optional<Assessment.Verdict> joined(
            Optional<Assessment.Verdict> one, Optional<Assessment.Verdict> other) {
        return one.isEmpty() || other.isEmpty()
                ? one.or(() -> other)
                : Optional.of(new Assessment.Verdict(
                        true,
                        other.get().reason(),
                        other.get().message() + "; " + one.get().message()));
    }

    private static VolumeReplica unreachable(VolumeReplica replica) {
        return VolumeReplicaBuilder.builder()
                .node(replica.node())
                .nodeId(replica.nodeId())
                .role("Unknown")
                .state("Unreachable")
                .build();
    }

    private static String endpoint(Volume volume, StorageCluster cluster) {
        return ApiEndpoints.of(cluster) + "/storage/volumes/"
                + volume.getMetadata().getName() + "/files/";
    }

    /** Whether a new status says more than numbers that change all the time: usage, and how far replicas are behind. */
    static boolean isNews(VolumeStatus before, VolumeStatus now) {
        return before == null || !quiet(before).equals(quiet(now));
    }

    /** Whether anything but noise is different. */
    static boolean differ(VolumeStatus before, VolumeStatus now) {
        if (isNews(before, now)
                || !Objects.equals(before.entries(), now.entries())
                || !Objects.equals(before.logicalBytes(), now.logicalBytes())
                || !Objects.equals(before.usedBytes(), now.usedBytes())) {
            return true;
        }
        for (int i = 0; i < before.replicas().size(); i++) {
            VolumeReplica one = before.replicas().get(i);
            VolumeReplica other = now.replicas().get(i);
            if (!Objects.equals(one.missingExtents(), other.missingExtents())
                    || Math.abs(lag(one) - lag(other)) >= LAG_NOISE) {
                return true;
            }
        }
        return false;
    }

    private static long lag(VolumeReplica replica) {
        return Optional.ofNullable(replica.lag()).orElse(0L);
    }

    private static VolumeStatus quiet(VolumeStatus status) {
        return VolumeStatusBuilder.builder(status)
                .entries(null)
                .logicalBytes(null)
                .usedBytes(null)
                .used(null)
                .replicas(status.replicas().stream()
                        .map(replica -> VolumeReplicaBuilder.builder(replica)
                                .lag(null)
                                .missingExtents(null)
                                .build())
                        .toList())
                .build();
    }
}
