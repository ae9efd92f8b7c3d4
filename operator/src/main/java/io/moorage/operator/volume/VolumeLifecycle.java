package io.moorage.operator.volume;

import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.text.Sizes;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.VolumeSpec;
import java.time.Duration;
import java.util.Optional;

/** Takes a volume one step nearer to what is asked for, and says how it is. Thread-safe. */
final class VolumeLifecycle {
    private static final Duration ROUTINE_AGE = Duration.ofSeconds(10);
    private static final Duration CHANGING_AGE = Duration.ofSeconds(1);

    private final ClusterViews views;
    private final EventRecorder events;

    VolumeLifecycle(ClusterViews views, EventRecorder events) {
        this.views = views;
        this.events = events;
    }

    /** Empty: what is known is too old, try again soon. */
    Optional<Assessment> step(Volume volume, StorageCluster cluster) {
        boolean settled = volume.getStatus() != null && volume.getStatus().volumeId() != null && isReady(volume);
        boolean placed = volume.getStatus() != null && volume.getStatus().volumeId() != null;
        Optional<ClusterView> view = placed
                ? views.recent(cluster, settled ? ROUTINE_AGE : CHANGING_AGE)
                : views.fresh(cluster, CHANGING_AGE);
        if (view.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> unsupported = Unsupported.in(volume.getSpec());
        if (!placed && unsupported.isPresent()) {
            return Optional.of(Assessment.nowhere(new Home.Nowhere(Moorage.NOT_SUPPORTED, unsupported.get())));
        }
        boolean paused = Resources.paused(cluster)
                || Boolean.TRUE.equals(cluster.getSpec().paused());
        Home home = Homes.find(volume, cluster, view.get(), views.engine(cluster));
        if (home instanceof Home.Nowhere nowhere) {
            return Optional.of(Assessment.nowhere(nowhere));
        } else if (home instanceof Home.Here here) {
            return Optional.of(here(volume, cluster, here, paused));
        } else if (home instanceof Home.Unclear) {
            views.outdated(cluster);
            return Optional.empty();
        } else if (paused) {
            return Optional.of(Assessment.nowhere(new Home.Nowhere(
                    "ClusterPaused",
                    "StorageCluster " + cluster.getMetadata().getName() + " is paused: nothing is changed in it")));
        } else if (home instanceof Home.Chosen chosen) {
            chosen.group().promise();
            return Optional.of(Assessment.making(
                    chosen.group(),
                    Assessment.Pace.NEXT,
                    "it will be made in group " + chosen.group().id()));
        } else {
            return Optional.of(make(volume, cluster, ((Home.Intended) home).group()));
        }
    }

    private static boolean isReady(Volume volume) {
        return io.moorage.operator.status.Conditions.isTrue(volume.getStatus().conditions(), Moorage.READY);
    }

    private Assessment make(Volume volume, StorageCluster cluster, GroupView group) {
        try {
            io.moorage.protocol.v1.Volume made = views.engine(cluster).create(group.id(), EngineSpecs.of(volume));
            group.put(made);
            events.normal(
                    volume,
                    "Created",
                    "it is volume " + made.getId() + " in group " + group.id()
                            + group.leader().map(name -> ", led by " + name).orElse(""));
            return here(volume, cluster, new Home.Here(group, made, false), false);
        } catch (MoorageException e) {
            views.outdated(cluster);
            return Assessment.making(
                    group, Assessment.Pace.WAIT, "it cannot be made in group " + group.id() + ": " + e.getMessage());
        }
    }

    private Assessment here(Volume resource, StorageCluster cluster, Home.Here here, boolean paused) {
        if (here.takenUp()) {
            events.normal(
                    resource,
                    "TakenUp",
                    "group " + here.group().id() + " holds a volume of this name with "
                            + here.volume().getUsage().getEntries() + " entries ("
                            + Sizes.show(here.volume().getUsage().getLogicalBytes()) + "): it is this one from now on");
        }
        VolumeSpec present = here.volume().getSpec();
        VolumeSpec wanted = EngineSpecs.changed(present, resource);
        if (wanted.equals(present) || paused) {
            return Assessment.of(resource, cluster, here.group(), here.volume(), Optional.empty());
        }
        try {
            io.moorage.protocol.v1.Volume updated = views.engine(cluster)
                    .update(
                            here.group().id(),
                            here.volume().getId(),
                            wanted,
                            here.volume().getVersion());
            here.group().put(updated);
            events.normal(resource, "Updated", "quota and consistency are " + show(wanted));
            return Assessment.of(resource, cluster, here.group(), updated, Optional.empty());
        } catch (MoorageException e) {
            views.outdated(cluster);
            String message = e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED
                    ? "somebody else changed its settings at the same time"
                    : e.getMessage();
            return Assessment.of(
                    resource,
                    cluster,
                    here.group(),
                    here.volume(),
                    Optional.of(new Assessment.Verdict(
                            true, "Updating", "its settings cannot be changed yet: " + message)));
        }
    }

    private static String show(VolumeSpec spec) {
        return (spec.getQuotaBytes() == 0 ? "no limit of bytes" : Sizes.show(spec.getQuotaBytes()))
                + ", "
                + (spec.getQuotaEntries() == 0 ? "no limit of entries" : spec.getQuotaEntries() + " entries")
                + ", "
                + spec.getConsistency()
                        .name()
                        .substring("CONSISTENCY_".length())
                        .toLowerCase(java.util.Locale.ROOT);
    }
}
