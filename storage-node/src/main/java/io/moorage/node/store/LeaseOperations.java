package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ExpireLeases;
import io.moorage.protocol.v1.GrantLease;
import io.moorage.protocol.v1.KeepLeaseAlive;
import io.moorage.protocol.v1.Lease;
import io.moorage.protocol.v1.LeaseResult;
import io.moorage.protocol.v1.RevokeLease;
import io.moorage.protocol.v1.SweepResult;

/**
 * Commands about leases. Whether one has run out is decided by the group's lease time at the moment of applying, hence the same
 * on every replica; a lease ends with all its keys in one step.
 */
final class LeaseOperations {
    private final ApplyContext context;
    private final Heads heads;

    LeaseOperations(ApplyContext context, Heads heads) {
        this.context = context;
        this.heads = heads;
    }

    LeaseResult grant(VolumeState volume, GrantLease grant) {
        if (context.leases.size() >= StoreLimits.MAX_LEASES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_QUOTA_EXCEEDED,
                    "there are " + context.leases.size() + " leases in this group, and no more are allowed: attach more"
                            + " keys to one lease, or revoke some");
        }
        Lease lease = Lease.newBuilder()
                .setId(context.version)
                .setTtlMs(grant.getTtlMs())
                .setExpiresAtMs(context.leaseMs + grant.getTtlMs())
                .build();
        context.leases.put(context.transaction, volume.id, lease);
        return result(lease, 0);
    }

    LeaseResult keepAlive(VolumeState volume, KeepLeaseAlive keep) {
        Lease lease = live(context, volume, keep.getLeaseId());
        Lease renewed = lease.toBuilder()
                .setExpiresAtMs(context.leaseMs + lease.getTtlMs())
                .build();
        context.leases.put(context.transaction, volume.id, renewed);
        return result(renewed, 0);
    }

    LeaseResult revoke(VolumeState volume, RevokeLease revoke) {
        Lease lease = context.leases.get(volume.id, revoke.getLeaseId());
        return lease == null ? LeaseResult.getDefaultInstance() : result(lease, end(volume, lease));
    }

    SweepResult expire(ExpireLeases expire) {
        int ended = 0;
        int deleted = 0;
        Leases.Due first = context.leases.first();
        while (first != null
                && first.expiresAtMs() <= context.leaseMs
                && ended < expire.getLimit()
                && deleted < StoreLimits.MAX_LEASE_KEYS) {
            VolumeState volume = context.volumes.byId(first.volume());
            Invariant.check(volume != null, "a lease of a volume that is not there");
            deleted += end(volume, context.leases.get(first.volume(), first.id()));
            ended++;
            first = context.leases.first();
        }
        return SweepResult.newBuilder()
                .setFreed(ended)
                .setMore(first != null && first.expiresAtMs() <= context.leaseMs)
                .build();
    }

    /** @throws Refusal NOT_FOUND if it ended, or has run out and is about to be */
    static Lease live(ApplyContext context, VolumeState volume, long id) {
        Lease lease = context.leases.get(volume.id, id);
        if (lease == null || lease.getExpiresAtMs() <= context.leaseMs) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_NOT_FOUND,
                    "there is no lease " + id + " in volume '" + volume.spec.getName()
                            + "'; it ran out, or was revoked: grant a new one");
        }
        return lease;
    }

    private int end(VolumeState volume, Lease lease) {
        context.leases.remove(context.transaction, volume.id, lease.getId());
        int deleted = 0;
        for (byte[] key : Leases.keys(context.transaction, volume.id, lease.getId())) {
            Entry entry = context.head(volume.id, key);
            Invariant.check(
                    entry != null && entry.getLeaseId() == lease.getId(),
                    "lease %d has a key that does not know of it",
                    lease.getId());
            if (isRemovable(volume, key, entry)) {
                heads.replace(volume, key, entry, null, Cause.EXPIRED);
                deleted++;
            } else {
                heads.amend(volume, key, entry, entry.toBuilder().clearLeaseId().build());
            }
        }
        return deleted;
    }

    /** A key that was locked since it was put stays, and is free of the lease. */
    private boolean isRemovable(VolumeState volume, byte[] key, Entry entry) {
        try {
            heads.checkReplaceable(volume, key, Keys.text(key), entry);
            return true;
        } catch (Refusal locked) {
            return false;
        }
    }

    private LeaseResult result(Lease lease, int deleted) {
        return LeaseResult.newBuilder()
                .setLease(lease.toBuilder().setRemainingMs(Math.max(0, lease.getExpiresAtMs() - context.leaseMs)))
                .setDeleted(deleted)
                .build();
    }
}
