package io.moorage.node.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.Transaction;
import io.moorage.protocol.v1.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the operations of one log entry share. Only the applying thread touches it. */
final class ApplyContext {
    final Transaction transaction;
    final Volumes volumes;
    final Leases leases;
    final long timeMs;
    final long leaseMs;
    final List<ExtentRef> referenced = new ArrayList<>();
    final List<ExtentRef> released = new ArrayList<>();
    final List<Long> droppedVolumes = new ArrayList<>();
    /** Whose change feed got longer. */
    final Set<Long> changedVolumes = new TreeSet<>();
    /** Of the command that is being applied. */
    long version;
    /** Whether that command may name hidden keys. */
    boolean hidden;

    ApplyContext(Transaction transaction, Volumes volumes, Leases leases, long timeMs, long leaseMs) {
        this.transaction = transaction;
        this.volumes = volumes;
        this.leases = leases;
        this.timeMs = timeMs;
        this.leaseMs = leaseMs;
    }

    /** Null: there is no such entry. */
    Entry head(long volume, byte[] key) {
        byte[] value = transaction.get(Family.HEAD, Keys.head(volume, key));
        return value == null ? null : parseEntry(value);
    }

    static Entry parseEntry(byte[] value) {
        try {
            return Entry.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("an entry's record is damaged: " + e.getMessage());
        }
    }
}
