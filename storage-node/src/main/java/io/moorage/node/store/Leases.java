package io.moorage.node.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.node.store.kv.Transaction;
import io.moorage.protocol.v1.Lease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The leases of a group's volumes, in memory as apply needs them and mirrored to the store; the keys attached to them are in the
 * store alone. Only the applying thread touches it.
 */
final class Leases {
    /** A lease in the order in which leases end. */
    record Due(long expiresAtMs, long volume, long id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int order = Long.compare(expiresAtMs, other.expiresAtMs);
            order = order != 0 ? order : Long.compare(volume, other.volume);
            return order != 0 ? order : Long.compare(id, other.id);
        }
    }

    private record Id(long volume, long id) {}

    private final Map<Id, Lease> leases = new HashMap<>();
    private final TreeSet<Due> due = new TreeSet<>();

    static Leases load(KeyValueReader store) {
        Leases leases = new Leases();
        try (Cursor cursor = store.range(Family.LEASES, new byte[0], Keys.END)) {
            while (cursor.valid()) {
                Lease lease = Lease.parseFrom(cursor.value());
                long volume = Keys.volumeOf(cursor.key());
                leases.remember(volume, lease);
                // Its keys come next; they are not needed here.
                cursor.seek(Keys.lease(volume, lease.getId() + 1));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a lease's record is damaged: " + e.getMessage());
        }
        return leases;
    }

    int size() {
        return leases.size();
    }

    /** Null: there is none. It may have run out. */
    Lease get(long volume, long id) {
        return leases.get(new Id(volume, id));
    }

    /** The one that ends first, or null. */
    Due first() {
        return due.isEmpty() ? null : due.first();
    }

    void put(Transaction transaction, long volume, Lease lease) {
        forget(volume, lease.getId());
        remember(volume, lease);
        transaction.put(Family.LEASES, Keys.lease(volume, lease.getId()), lease.toByteArray());
    }

    void remove(Transaction transaction, long volume, long id) {
        forget(volume, id);
        transaction.delete(Family.LEASES, Keys.lease(volume, id));
    }

    /** Of a volume that is dropped. */
    void removeVolume(Transaction transaction, long volume) {
        leases.keySet().stream().filter(id -> id.volume == volume).toList().forEach(id -> forget(volume, id.id));
        transaction.deleteRange(Family.LEASES, Keys.from(volume), Keys.to(volume));
    }

    /** Keys that are attached to a lease, in byte order. */
    static List<byte[]> keys(KeyValueReader reader, long volume, long id) {
        List<byte[]> keys = new ArrayList<>();
        byte[] from = Keys.leaseKey(volume, id, new byte[0]);
        try (Cursor cursor = reader.range(Family.LEASES, from, Keys.lease(volume, id + 1))) {
            for (; cursor.valid(); cursor.next()) {
                keys.add(Arrays.copyOfRange(cursor.key(), from.length, cursor.key().length));
            }
        }
        return keys;
    }

    /** An entry is attached to another lease now than before; 0 = to none. Only when it changes is anything done. */
    void moved(Transaction transaction, long volume, byte[] key, long before, long now) {
        if (before == now) {
            return;
        }
        if (before != 0) {
            transaction.delete(Family.LEASES, Keys.leaseKey(volume, before, key));
            count(transaction, volume, before, -1);
        }
        if (now != 0) {
            transaction.put(Family.LEASES, Keys.leaseKey(volume, now, key), new byte[0]);
            count(transaction, volume, now, 1);
        }
    }

    private void count(Transaction transaction, long volume, long id, int more) {
        Lease lease = get(volume, id);
        // It is absent while it is being ended.
        if (lease != null) {
            put(
                    transaction,
                    volume,
                    lease.toBuilder().setKeys(lease.getKeys() + more).build());
        }
    }

    private void remember(long volume, Lease lease) {
        leases.put(new Id(volume, lease.getId()), lease);
        due.add(new Due(lease.getExpiresAtMs(), volume, lease.getId()));
    }

    private void forget(long volume, long id) {
        Lease known = leases.remove(new Id(volume, id));
        if (known != null) {
            due.remove(new Due(known.getExpiresAtMs(), volume, id));
        }
    }
}
