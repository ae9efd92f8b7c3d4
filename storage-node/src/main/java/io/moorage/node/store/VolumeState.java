package io.moorage.node.store;

import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import io.moorage.protocol.v1.VolumeUsage;
import java.util.Map;
import java.util.TreeMap;

/** A volume as apply works with it: spec, counters, pins. Only the applying thread touches it. */
final class VolumeState {
    final long id;
    final long createdAtMs;
    VolumeSpec spec;
    long version;
    long entries;
    long logicalBytes;
    long storedBytes;
    long extents;
    long historyEntries;
    long hiddenEntries;
    long keptVersions;
    long keptBytes;
    /** The latest end of any COMPLIANCE retention that was ever set: it cannot be moved nearer, nor its version removed. */
    long complianceUntilMs;

    long legalHolds;
    /** Inline extents that more than one record names. */
    long sharedInline;

    final VersioningStates versioning = new VersioningStates();
    final FeedState feed;

    final Map<String, Pin> pins = new TreeMap<>();
    boolean dirty;

    VolumeState(Volume volume) {
        id = volume.getId();
        createdAtMs = volume.getCreatedAtMs();
        spec = volume.getSpec();
        version = volume.getVersion();
        VolumeUsage usage = volume.getUsage();
        entries = usage.getEntries();
        logicalBytes = usage.getLogicalBytes();
        storedBytes = usage.getStoredBytes();
        extents = usage.getExtents();
        historyEntries = usage.getHistoryEntries();
        feed = new FeedState(volume.getFeed());
        hiddenEntries = usage.getHiddenEntries();
        keptVersions = usage.getKeptVersions();
        keptBytes = usage.getKeptBytes();
        complianceUntilMs = volume.getComplianceUntilMs();
        legalHolds = volume.getLegalHolds();
        sharedInline = volume.getSharedInline();
    }

    Volume toProto() {
        Invariant.check(
                entries >= 0 && logicalBytes >= 0 && storedBytes >= 0 && extents >= 0 && historyEntries >= 0,
                "volume %s: a usage counter is negative: %d entries, %d logical, %d stored, %d extents, %d history",
                spec.getName(),
                entries,
                logicalBytes,
                storedBytes,
                extents,
                historyEntries);
        Invariant.check(
                hiddenEntries >= 0 && keptVersions >= 0 && keptBytes >= 0 && legalHolds >= 0 && sharedInline >= 0,
                "volume %s: a usage counter is negative: %d hidden, %d kept versions, %d kept bytes, %d legal holds, %d shared",
                spec.getName(),
                hiddenEntries,
                keptVersions,
                keptBytes,
                legalHolds,
                sharedInline);
        return Volume.newBuilder()
                .setId(id)
                .setSpec(spec)
                .setCreatedAtMs(createdAtMs)
                .setVersion(version)
                .setUsage(VolumeUsage.newBuilder()
                        .setEntries(entries)
                        .setLogicalBytes(logicalBytes)
                        .setStoredBytes(storedBytes)
                        .setExtents(extents)
                        .setHistoryEntries(historyEntries)
                        .setHiddenEntries(hiddenEntries)
                        .setKeptVersions(keptVersions)
                        .setKeptBytes(keptBytes))
                .setComplianceUntilMs(complianceUntilMs)
                .setLegalHolds(legalHolds)
                .setSharedInline(sharedInline)
                .setFeed(feed.toProto())
                .build();
    }

    /** Whether a pin that is not expired needs the version written at `written` and replaced at `replaced`. */
    boolean isPinned(long written, long replaced, long leaseMs) {
        for (Pin pin : pins.values()) {
            boolean live = pin.getExpiresAtMs() == 0 || pin.getExpiresAtMs() > leaseMs;
            if (live && written <= pin.getVersion() && pin.getVersion() < replaced) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody may be reading a version that was there from `written` and was removed for good at `removed`. */
    boolean isRead(long written, long removed, long leaseMs) {
        return pins.values().stream()
                .anyMatch(pin -> pin.getKind() == PinKind.PIN_KIND_READER
                        && (pin.getExpiresAtMs() == 0 || pin.getExpiresAtMs() > leaseMs)
                        && written <= pin.getVersion()
                        && pin.getVersion() < removed);
    }

    /** Some version has this lock from now on. */
    void locked(ObjectLock lock) {
        if (lock.getMode() == RetentionMode.RETENTION_MODE_COMPLIANCE && lock.getRetainUntilMs() > complianceUntilMs) {
            complianceUntilMs = lock.getRetainUntilMs();
            dirty = true;
        }
        if (lock.getLegalHold()) {
            legalHolds++;
            dirty = true;
        }
    }

    /** Some version has not this lock any more. */
    void unlocked(ObjectLock lock) {
        if (lock.getLegalHold()) {
            legalHolds--;
            dirty = true;
        }
    }

    /** Whether a pin that is not expired is more than a reader's. */
    boolean hasSnapshots(long leaseMs) {
        return pins.values().stream()
                .anyMatch(
                        pin -> (pin.getKind() == PinKind.PIN_KIND_SNAPSHOT || pin.getKind() == PinKind.PIN_KIND_BACKUP)
                                && (pin.getExpiresAtMs() == 0 || pin.getExpiresAtMs() > leaseMs));
    }

    /** @throws Refusal QUOTA_EXCEEDED if it would hold more than it may; shrinking is always allowed */
    void checkQuota(long moreEntries, long moreBytes) {
        long held = logicalBytes + keptBytes;
        if (moreBytes > 0 && spec.getQuotaBytes() > 0 && held + moreBytes > spec.getQuotaBytes()) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_QUOTA_EXCEEDED,
                    "volume '" + spec.getName() + "' holds " + held + " of at most " + spec.getQuotaBytes() + " bytes; "
                            + moreBytes + " more do not fit: delete something or raise quota.bytes");
        }
        if (moreEntries > 0 && spec.getQuotaEntries() > 0 && entries + moreEntries > spec.getQuotaEntries()) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_QUOTA_EXCEEDED,
                    "volume '" + spec.getName() + "' holds " + entries + " of at most " + spec.getQuotaEntries()
                            + " entries: delete something or raise quota.entries");
        }
    }
}
