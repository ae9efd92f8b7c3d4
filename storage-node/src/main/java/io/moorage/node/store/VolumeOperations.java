package io.moorage.node.store;

import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Failure;
import io.moorage.protocol.v1.UpdateVolume;
import io.moorage.protocol.v1.Volume;

/** Commands about volumes. Making one is a log entry; dropping one is a range of keys and a directory. */
final class VolumeOperations {
    private final ApplyContext context;
    private final Changes changes;

    VolumeOperations(ApplyContext context, Changes changes) {
        this.context = context;
        this.changes = changes;
    }

    Volume create(CreateVolume create) {
        VolumeState existing = context.volumes.byName(create.getSpec().getName());
        if (existing != null) {
            throw new Refusal(Failure.newBuilder()
                    .setCode(ErrorCode.ERROR_CODE_ALREADY_EXISTS)
                    .setMessage("volume '" + existing.spec.getName() + "' exists already")
                    .setCurrentVersion(existing.version)
                    .setVolume(existing.toProto())
                    .build());
        }
        VolumeState volume = new VolumeState(Volume.newBuilder()
                .setId(context.version)
                .setSpec(create.getSpec())
                .setCreatedAtMs(context.timeMs)
                .setVersion(context.version)
                .build());
        volume.dirty = true;
        context.volumes.add(volume);
        // Counted as a change, so that a volume that is made is written even if nothing else is.
        context.transaction.put(
                Family.META, Keys.volume(volume.id), volume.toProto().toByteArray());
        return volume.toProto();
    }

    Volume update(VolumeState volume, UpdateVolume update) {
        if (update.getExpectedVersion() != 0 && update.getExpectedVersion() != volume.version) {
            throw new Refusal(Failure.newBuilder()
                    .setCode(ErrorCode.ERROR_CODE_PRECONDITION_FAILED)
                    .setMessage("volume '" + volume.spec.getName() + "' was changed meanwhile; read it and try again")
                    .setCurrentVersion(volume.version)
                    .build());
        }
        if (!update.getSpec().getName().equals(volume.spec.getName())) {
            throw Refusal.invalid("a volume's name cannot change from '" + volume.spec.getName() + "' to '"
                    + update.getSpec().getName() + "'; make a new volume");
        }
        volume.spec = update.getSpec();
        if (volume.spec.getChanges().getOff()) {
            changes.drop(volume, context.version);
        }
        volume.version = context.version;
        volume.dirty = true;
        return volume.toProto();
    }

    Volume delete(VolumeState volume, DeleteVolume delete) {
        checkNotLocked(volume);
        if (!delete.getForce() && volume.entries > 0) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_NOT_EMPTY,
                    "volume '" + volume.spec.getName() + "' holds " + volume.entries
                            + " entries; delete them first, or force the deletion");
        }
        if (!delete.getForce() && volume.keptVersions > 0) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_NOT_EMPTY,
                    "volume '" + volume.spec.getName() + "' keeps " + volume.keptVersions
                            + " versions of entries that were replaced or deleted; remove them first, or force the"
                            + " deletion");
        }
        if (!delete.getForce() && volume.historyEntries > 0 && volume.hasSnapshots(context.leaseMs)) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_NOT_EMPTY,
                    "snapshots of volume '" + volume.spec.getName()
                            + "' keep entries that were deleted or replaced; delete the snapshots first, or force the"
                            + " deletion");
        }
        for (Family family : new Family[] {
            Family.HEAD, Family.HISTORY, Family.DATA, Family.REFS, Family.PINS, Family.CHANGES, Family.VERSIONS
        }) {
            context.transaction.deleteRange(family, Keys.from(volume.id), Keys.to(volume.id));
        }
        context.leases.removeVolume(context.transaction, volume.id);
        context.changedVolumes.remove(volume.id);
        context.transaction.deleteRange(Family.META, Keys.feedValues(volume.id, 0), Keys.feedValues(volume.id + 1, 0));
        context.transaction.deleteRange(
                Family.META, Keys.versioning(volume.id, ""), Keys.versioning(volume.id + 1, ""));
        context.transaction.delete(Family.META, Keys.volume(volume.id));
        context.volumes.remove(volume);
        context.referenced.removeIf(extent -> extent.volumeId() == volume.id);
        context.released.removeIf(extent -> extent.volumeId() == volume.id);
        context.droppedVolumes.add(volume.id);
        return volume.toProto();
    }

    private void checkNotLocked(VolumeState volume) {
        if (volume.legalHolds > 0 || volume.complianceUntilMs > context.timeMs) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_LOCKED,
                    "volume '" + volume.spec.getName() + "' holds "
                            + (volume.legalHolds > 0
                                    ? volume.legalHolds + " versions under legal hold: end the holds first"
                                    : "versions that are retained until " + volume.complianceUntilMs
                                            + " ms since the epoch, and nobody can change that"));
        }
    }
}
