package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.protocol.v1.Entry;
import java.nio.ByteBuffer;

/**
 * The versions of a key that versioning keeps though they are not the newest, and delete markers, which may be. Where the null
 * version is among them is noted beside them, so that it is found without a search. Only the applying thread touches it.
 */
final class VersionChain {
    private final ApplyContext context;

    VersionChain(ApplyContext context) {
        this.context = context;
    }

    /** The references of the entry go over to the chain. */
    void add(VolumeState volume, byte[] key, Entry entry) {
        context.transaction.put(Family.VERSIONS, Keys.history(volume.id, key, entry.getVersion()), entry.toByteArray());
        if (!entry.getVersioned()) {
            context.transaction.put(
                    Family.VERSIONS,
                    Keys.nullVersion(volume.id, key),
                    ByteBuffer.allocate(8).putLong(entry.getVersion()).array());
        }
        volume.keptVersions++;
        volume.keptBytes += entry.getSize();
        volume.dirty = true;
    }

    /** Writes another record of a version that is in the chain. */
    void amend(VolumeState volume, byte[] key, Entry entry) {
        context.transaction.put(Family.VERSIONS, Keys.history(volume.id, key, entry.getVersion()), entry.toByteArray());
    }

    /** The references of the entry go over to the caller. */
    void remove(VolumeState volume, byte[] key, Entry entry) {
        context.transaction.delete(Family.VERSIONS, Keys.history(volume.id, key, entry.getVersion()));
        if (!entry.getVersioned()) {
            context.transaction.delete(Family.VERSIONS, Keys.nullVersion(volume.id, key));
        }
        volume.keptVersions--;
        volume.keptBytes -= entry.getSize();
        volume.dirty = true;
    }

    /** Null: there is no such version in the chain. */
    Entry at(VolumeState volume, byte[] key, long version) {
        return at(context.transaction, volume.id, key, version);
    }

    /** The null version, if it is in the chain, or null. */
    Entry nullVersion(VolumeState volume, byte[] key) {
        return nullVersion(context.transaction, volume.id, key);
    }

    /** The newest version in the chain, or null. */
    Entry newest(VolumeState volume, byte[] key) {
        return newest(context.transaction, volume.id, key);
    }

    static Entry at(KeyValueReader reader, long volume, byte[] key, long version) {
        // Version 0 is where the null version is noted.
        byte[] record = version == 0 ? null : reader.get(Family.VERSIONS, Keys.history(volume, key, version));
        return record == null ? null : ApplyContext.parseEntry(record);
    }

    static Entry nullVersion(KeyValueReader reader, long volume, byte[] key) {
        byte[] noted = reader.get(Family.VERSIONS, Keys.nullVersion(volume, key));
        if (noted == null) {
            return null;
        }
        Entry entry = at(reader, volume, key, ByteBuffer.wrap(noted).getLong());
        Invariant.check(entry != null, "the null version of a key is noted and not there");
        return entry;
    }

    static Entry newest(KeyValueReader reader, long volume, byte[] key) {
        try (Cursor cursor =
                reader.range(Family.VERSIONS, Keys.history(volume, key, -1L), Keys.nullVersion(volume, key))) {
            return cursor.valid() ? ApplyContext.parseEntry(cursor.value()) : null;
        }
    }
}
