package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.api.model.Condition;
import io.moorage.client.GroupId;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.VolumeStatus;
import io.moorage.client.control.VolumeStatuses;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.VolumeSpec;
import io.moorage.protocol.v1.VolumeUsage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Volumes as the REST API shows them: what should be from the resource, what is from the group itself. Thread-safe. */
final class VolumeViews {
    private final LiveCluster live;

    VolumeViews(LiveCluster live) {
        this.live = live;
    }

    VolumeStatus of(Volume resource) {
        Optional<VolumeRef> home = VolumeResources.home(resource);
        int replicas = resource.getSpec().replicas();
        if (VolumeResources.isBeingDeleted(resource)) {
            return new VolumeStatus(
                    volume(resource, home),
                    home.map(VolumeRef::group).orElse(null),
                    replicas,
                    VolumeStatus.Phase.DELETING,
                    reason(resource, "it is being deleted"),
                    List.of());
        }
        if (home.isEmpty()) {
            return new VolumeStatus(
                    volume(resource, home),
                    null,
                    replicas,
                    VolumeStatus.Phase.PENDING,
                    reason(resource, "the operator has not made it yet"),
                    List.of());
        }
        VolumeStatus status =
                VolumeStatuses.of(volume(resource, home), home.get().group(), replicas, live.nodes());
        Optional<Condition> unsupported = VolumeResources.ready(resource)
                .filter(ready -> "False".equals(ready.getStatus()))
                .filter(ready -> ready.getReason() != null && ready.getReason().endsWith(Moorage.NOT_SUPPORTED));
        if (status.phase() == VolumeStatus.Phase.READY && unsupported.isPresent()) {
            // It works, but not as asked. Other reasons are the operator's view of what is seen here at first hand.
            return new VolumeStatus(
                    status.volume(),
                    status.group(),
                    replicas,
                    VolumeStatus.Phase.DEGRADED,
                    unsupported.get().getMessage(),
                    status.members());
        }
        return status;
    }

    /** All volumes that the groups hold, for when nobody else can say. */
    List<VolumeStatus> held() {
        List<VolumeStatus> statuses = new ArrayList<>();
        live.all()
                .forEach((group, volumes) -> volumes.values().stream()
                        .filter(volume -> !volume.getSpec().getName().equals(VolumeRef.SYSTEM))
                        .forEach(volume -> statuses.add(held(group, volume))));
        statuses.sort(java.util.Comparator.comparing(
                status -> status.volume().getSpec().getName()));
        return statuses;
    }

    /** A volume that a group holds. Empty: the group does not say. */
    Optional<VolumeStatus> held(VolumeRef ref) {
        return Optional.ofNullable(live.volumes(ref.group()).get(ref.id())).map(volume -> held(ref.group(), volume));
    }

    private VolumeStatus held(GroupId group, io.moorage.protocol.v1.Volume volume) {
        return VolumeStatuses.of(volume, group, 0, live.nodes());
    }

    private io.moorage.protocol.v1.Volume volume(Volume resource, Optional<VolumeRef> home) {
        VolumeSpec.Builder spec = VolumeSpec.newBuilder()
                .setName(resource.getMetadata().getName())
                .setQuotaBytes(VolumeResources.quotaBytes(resource.getSpec()))
                .setQuotaEntries(VolumeResources.quotaEntries(resource.getSpec()))
                .setConsistency(VolumeResources.consistency(resource.getSpec().consistency()))
                .setChanges(VolumeResources.retention(resource.getSpec().changes()));
        new TreeMap<>(VolumeResources.labels(resource))
                .forEach((name, value) ->
                        spec.addLabels(MetadataItem.newBuilder().setName(name).setValue(value)));
        io.moorage.protocol.v1.Volume known =
                home.map(ref -> live.volumes(ref.group()).get(ref.id())).orElseGet(() -> remembered(resource));
        return known.toBuilder().setSpec(spec).build();
    }

    /** As the operator saw it last. */
    private static io.moorage.protocol.v1.Volume remembered(Volume resource) {
        io.moorage.protocol.v1.Volume.Builder volume =
                io.moorage.protocol.v1.Volume.newBuilder().setCreatedAtMs(createdAt(resource));
        var status = resource.getStatus();
        if (status != null) {
            volume.setId(status.volumeId() == null ? 0 : status.volumeId())
                    .setUsage(VolumeUsage.newBuilder()
                            .setEntries(status.entries() == null ? 0 : status.entries())
                            .setLogicalBytes(status.logicalBytes() == null ? 0 : status.logicalBytes())
                            .setStoredBytes(status.usedBytes() == null ? 0 : status.usedBytes()));
        }
        return volume.build();
    }

    private static long createdAt(Volume resource) {
        try {
            return Instant.parse(resource.getMetadata().getCreationTimestamp()).toEpochMilli();
        } catch (DateTimeParseException | NullPointerException e) {
            return 0;
        }
    }

    private static String reason(Volume resource, String otherwise) {
        return VolumeResources.ready(resource)
                .filter(ready -> !"True".equals(ready.getStatus()))
                .map(ready -> ready.getReason() + ": " + ready.getMessage())
                .orElse(otherwise);
    }
}
