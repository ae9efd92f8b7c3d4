package io.moorage.node.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.node.store.kv.Transaction;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.Volume;
import java.util.Map;
import java.util.TreeMap;

/** The volumes of a group, in memory as apply needs them and mirrored to the store. Only the applying thread touches it. */
final class Volumes {
    private final Map<Long, VolumeState> byId = new TreeMap<>();
    private final Map<String, VolumeState> byName = new TreeMap<>();

    static Volumes load(KeyValueReader store) {
        Volumes volumes = new Volumes();
        try (Cursor cursor = store.range(Family.META, Keys.VOLUME_FROM, Keys.VOLUME_TO)) {
            for (; cursor.valid(); cursor.next()) {
                volumes.add(new VolumeState(Volume.parseFrom(cursor.value())));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a volume's record is damaged: " + e.getMessage());
        }
        volumes.byId.values().forEach(volume -> {
            loadPins(store, volume);
            loadVersioning(store, volume);
        });
        return volumes;
    }

    private static void loadPins(KeyValueReader store, VolumeState volume) {
        try (Cursor cursor = store.range(Family.PINS, Keys.from(volume.id), Keys.to(volume.id))) {
            for (; cursor.valid(); cursor.next()) {
                Pin pin = Pin.parseFrom(cursor.value());
                volume.pins.put(pin.getName(), pin);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a pin's record is damaged: " + e.getMessage());
        }
    }

    private static void loadVersioning(KeyValueReader store, VolumeState volume) {
        try (Cursor cursor =
                store.range(Family.META, Keys.versioning(volume.id, ""), Keys.versioning(volume.id + 1, ""))) {
            for (; cursor.valid(); cursor.next()) {
                volume.versioning.set(Keys.directoryOfVersioning(cursor.key()), VersioningStates.parse(cursor.value()));
            }
        }
    }

    void add(VolumeState volume) {
        byId.put(volume.id, volume);
        byName.put(volume.spec.getName(), volume);
    }

    void remove(VolumeState volume) {
        byId.remove(volume.id);
        byName.remove(volume.spec.getName());
    }

    VolumeState byName(String name) {
        return byName.get(name);
    }

    /** Null: there is none. */
    VolumeState byId(long id) {
        return byId.get(id);
    }

    /** @throws Refusal VOLUME_NOT_FOUND */
    VolumeState require(long id) {
        VolumeState volume = byId.get(id);
        if (volume == null) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND,
                    "there is no volume with id " + id + " in this group; it was deleted, or moved");
        }
        return volume;
    }

    Iterable<VolumeState> all() {
        return byId.values();
    }

    int size() {
        return byId.size();
    }

    long entries() {
        return byId.values().stream().mapToLong(v -> v.entries).sum();
    }

    long storedBytes() {
        return byId.values().stream().mapToLong(v -> v.storedBytes).sum();
    }

    void writeDirty(Transaction transaction) {
        for (VolumeState volume : byId.values()) {
            if (volume.dirty) {
                transaction.put(
                        Family.META, Keys.volume(volume.id), volume.toProto().toByteArray());
                volume.dirty = false;
            }
        }
    }
}
