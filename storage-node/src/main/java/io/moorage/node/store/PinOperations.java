package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.PinResult;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.RenewPin;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.SweepResult;
import java.util.ArrayList;
import java.util.List;

/** Commands about pins, and freeing the history that no pin needs any more. */
final class PinOperations {
    private final ApplyContext context;
    private final Heads heads;
    private final VersionOperations versions;

    PinOperations(ApplyContext context, Heads heads, VersionOperations versions) {
        this.context = context;
        this.heads = heads;
        this.versions = versions;
    }

    PinResult create(VolumeState volume, CreatePin create) {
        Pin existing = volume.pins.get(create.getName());
        if (existing != null && !expired(existing)) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_ALREADY_EXISTS,
                    "pin '" + create.getName() + "' exists already in volume '" + volume.spec.getName() + "'");
        }
        PinResult.Builder result = PinResult.newBuilder();
        if (!create.getKey().isEmpty()) {
            byte[] key = KeyRules.any("key", create.getKey(), context.hidden);
            Entry entry = versions.require(volume, create.getKey(), key, create.getKeyVersion());
            result.setEntry(entry.toBuilder().setKey(create.getKey()));
        }
        Pin.Builder pin = Pin.newBuilder()
                .setName(create.getName())
                .setKind(create.getKind())
                .setVolumeId(volume.id)
                .setVersion(context.version)
                .setCreatedAtMs(context.timeMs)
                .setExpiresAtMs(create.getTtlMs() == 0 ? 0 : context.leaseMs + create.getTtlMs());
        if (create.getKind() == PinKind.PIN_KIND_SNAPSHOT || create.getKind() == PinKind.PIN_KIND_BACKUP) {
            pin.setEntries(volume.entries).setLogicalBytes(volume.logicalBytes);
        }
        store(volume, pin.build());
        return result.setPin(pin).build();
    }

    PinResult renew(VolumeState volume, RenewPin renew) {
        Pin pin = live(volume, renew.getName()).toBuilder()
                .setExpiresAtMs(renew.getTtlMs() == 0 ? 0 : context.leaseMs + renew.getTtlMs())
                .build();
        store(volume, pin);
        return PinResult.newBuilder().setPin(pin).build();
    }

    PinResult release(VolumeState volume, ReleasePin release) {
        Pin pin = volume.pins.get(release.getName());
        if (pin != null) {
            remove(volume, pin);
            return PinResult.newBuilder().setPin(pin).build();
        }
        return PinResult.getDefaultInstance();
    }

    SweepResult sweep(SweepHistory sweep) {
        for (VolumeState volume : context.volumes.all()) {
            for (Pin pin : List.copyOf(volume.pins.values())) {
                if (expired(pin)) {
                    remove(volume, pin);
                }
            }
        }
        byte[] cursorKey = context.transaction.get(Family.META, Keys.SWEEP);
        List<byte[]> doomed = new ArrayList<>();
        byte[] stoppedAt = null;
        int seen = 0;
        try (Cursor cursor =
                context.transaction.range(Family.HISTORY, cursorKey == null ? new byte[0] : cursorKey, Keys.END)) {
            for (; cursor.valid(); cursor.next()) {
                if (seen++ == sweep.getLimit()) {
                    stoppedAt = cursor.key();
                    break;
                }
                VolumeState volume = context.volumes.byId(Keys.volumeOf(cursor.key()));
                Invariant.check(volume != null, "history of a volume that is not there");
                HistoryRecord record = HistoryRecord.parse(cursor.value());
                long since = Keys.versionOfHistory(cursor.key());
                boolean needed = record.isState(since)
                        ? volume.isPinned(since, record.replacedAt(), context.leaseMs)
                        : volume.isRead(record.entry().getVersion(), record.replacedAt(), context.leaseMs);
                if (!needed) {
                    record.entry()
                            .getExtentsList()
                            .forEach(e -> heads.references().release(volume, e));
                    volume.historyEntries--;
                    volume.dirty = true;
                    doomed.add(cursor.key());
                }
            }
        }
        doomed.forEach(key -> context.transaction.delete(Family.HISTORY, key));
        if (stoppedAt == null) {
            context.transaction.delete(Family.META, Keys.SWEEP);
        } else {
            context.transaction.put(Family.META, Keys.SWEEP, stoppedAt);
        }
        return SweepResult.newBuilder()
                .setFreed(doomed.size())
                .setMore(stoppedAt != null)
                .build();
    }

    private Pin live(VolumeState volume, String name) {
        Pin pin = volume.pins.get(name);
        if (pin == null || expired(pin)) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_NOT_FOUND,
                    "there is no pin '" + name + "' in volume '" + volume.spec.getName()
                            + "'; it was released, or expired");
        }
        return pin;
    }

    private boolean expired(Pin pin) {
        return pin.getExpiresAtMs() != 0 && pin.getExpiresAtMs() <= context.leaseMs;
    }

    private void store(VolumeState volume, Pin pin) {
        volume.pins.put(pin.getName(), pin);
        context.transaction.put(Family.PINS, Keys.head(volume.id, Keys.utf8(pin.getName())), pin.toByteArray());
    }

    private void remove(VolumeState volume, Pin pin) {
        volume.pins.remove(pin.getName());
        context.transaction.delete(Family.PINS, Keys.head(volume.id, Keys.utf8(pin.getName())));
    }
}
