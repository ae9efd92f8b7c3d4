package io.moorage.node.store;

import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.PinKind;
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
    /** Null: no change was recorded since there is a record of them. */
    FeedState feed;

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
        feed = volume.hasFeed() ? new FeedState(volume.getFeed()) : null;
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
        Volume.Builder volume = Volume.newBuilder()
                .setId(id)
                .setSpec(spec)
                .setCreatedAtMs(createdAtMs)
                .setVersion(version)
                .setUsage(VolumeUsage.newBuilder()
                        .setEntries(entries)
                        .setLogicalBytes(logicalBytes)
                        .setStoredBytes(storedBytes)
                        .setExtents(extents)
                        .setHistoryEntries(historyEntries));
        if (feed != null) {
            volume.setFeed(feed.toProto());
        }
        return volume.build();
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

    /** Whether a pin that is not expired is more than a reader's. */
    boolean hasSnapshots(long nowMs) {
        return pins.values().stream()
                .anyMatch(
                        pin -> (pin.getKind() == PinKind.PIN_KIND_SNAPSHOT || pin.getKind() == PinKind.PIN_KIND_BACKUP)
                                && (pin.getExpiresAtMs() == 0 || pin.getExpiresAtMs() > nowMs));
    }

    /** @throws Refusal QUOTA_EXCEEDED if it would hold more than it may; shrinking is always allowed */
    void checkQuota(long moreEntries, long moreBytes) {
        if (moreBytes > 0 && spec.getQuotaBytes() > 0 && logicalBytes + moreBytes > spec.getQuotaBytes()) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_QUOTA_EXCEEDED,
                    "volume '" + spec.getName() + "' holds " + logicalBytes + " of at most " + spec.getQuotaBytes()
                            + " bytes; " + moreBytes + " more do not fit: delete something or raise quota.bytes");
        }
        if (moreEntries > 0 && spec.getQuotaEntries() > 0 && entries + moreEntries > spec.getQuotaEntries()) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_QUOTA_EXCEEDED,
                    "volume '" + spec.getName() + "' holds " + entries + " of at most " + spec.getQuotaEntries()
                            + " entries: delete something or raise quota.entries");
        }
    }
}
