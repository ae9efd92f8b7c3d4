package io.moorage.node.store;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueStore;
import io.moorage.node.store.kv.Transaction;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Done;
import io.moorage.protocol.v1.Failure;
import io.moorage.protocol.v1.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of one Raft group: volumes and their entries. A pure, deterministic state machine: what a log entry does depends on
 * the state and the entry alone. {@link #apply} and {@link #advance} are called by one thread, in log order; reads
 * ({@link #view}) by any.
 *
 * <p>Applying a log entry writes its effects, the applied position and the state hash as one batch, so that whatever is on disk
 * after a crash is the state after some log entry, and the log is replayed from there.
 */
public final class GroupStore implements AutoCloseable {
    /** In place of the end of a lease: there are none. */
    public static final long NO_LEASES = Long.MAX_VALUE;

    private static final int REMEMBERED_HASHES = 1024;

    private final KeyValueStore store;
    private final Map<Long, Long> recentHashes = new LinkedHashMap<>();
    private Volumes volumes;
    private Sessions sessions;
    private Leases leases;
    private volatile long nextLeaseEndMs;
    private volatile Position position;

    /**
     * How far the state is.
     *
     * @param timeMs group time: the newest timestamp of any batch; it never goes back
     * @param leaseMs lease time: what leaders measured with clocks that never jump, added up
     * @param hash chain over all changes ever made: equal on all replicas at an equal index
     */
    public record Position(long term, long index, long timeMs, long leaseMs, long hash) {
        static Position parse(byte[] value) {
            if (value == null) {
                return new Position(0, -1, 0, 0, 0);
            }
            ByteBuffer buffer = ByteBuffer.wrap(value);
            long term = buffer.getLong();
            long index = buffer.getLong();
            long timeMs = buffer.getLong();
            long hash = buffer.getLong();
            return new Position(term, index, timeMs, buffer.getLong(), hash);
        }

        byte[] toBytes() {
            return ByteBuffer.allocate(40)
                    .putLong(term)
                    .putLong(index)
                    .putLong(timeMs)
                    .putLong(hash)
                    .putLong(leaseMs)
                    .array();
        }
    }

    /** The store is closed with this. */
    public GroupStore(KeyValueStore store) {
        this.store = store;
        try {
            StoreFormat.check(store);
            reload();
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void reload() {
        position = Position.parse(store.get(Family.META, Keys.APPLIED));
        volumes = Volumes.load(store);
        sessions = Sessions.load(store);
        leases = Leases.load(store);
        nextLeaseEndMs = leases.first() == null ? NO_LEASES : leases.first().expiresAtMs();
    }

    /** How far the state is. Thread-safe. */
    public Position position() {
        return position;
    }

    /**
     * Applies a log entry. One that was applied already is ignored (replay after a restart): the outcome is then empty.
     *
     * @throws RuntimeException a bug or damaged data: nothing was changed, and this replica must stop
     */
    public ApplyOutcome apply(long term, long index, CommandBatch batch) {
        if (index <= position.index()) {
            return new ApplyOutcome(List.of(), List.of(), List.of(), List.of(), Set.of(), null);
        }
        Invariant.check(
                batch.getCommandsCount() <= Versions.MAX_BATCH, "batch has %d commands", batch.getCommandsCount());
        Transaction transaction = new Transaction(store);
        long timeMs = Math.max(position.timeMs(), batch.getTimestampMs());
        long leaseMs = position.leaseMs() + Integer.toUnsignedLong(batch.getElapsedMs());
        ApplyContext context = new ApplyContext(transaction, volumes, leases, timeMs, leaseMs);
        try {
            Operations operations = new Operations(context);
            List<Result> results = new ArrayList<>(batch.getCommandsCount());
            String divergence = null;
            for (int i = 0; i < batch.getCommandsCount(); i++) {
                Command command = batch.getCommands(i);
                context.version = Versions.of(index, i);
                if (command.hasVerifyState()) {
                    divergence = divergence == null ? compare(command) : divergence;
                }
                results.add(applyOnce(operations, context, command));
            }
            operations.feedValues.write();
            operations.changes.trim();
            volumes.writeDirty(transaction);
            commit(new Position(term, index, timeMs, leaseMs, 0), transaction, results);
            nextLeaseEndMs = leases.first() == null ? NO_LEASES : leases.first().expiresAtMs();
            return new ApplyOutcome(
                    results,
                    context.referenced,
                    context.released,
                    context.droppedVolumes,
                    context.changedVolumes,
                    divergence);
        } catch (RuntimeException e) {
            // Volumes and sessions in memory may be half way; what is in the store is not.
            reload();
            throw e;
        }
    }

    /** A log entry that is not ours (configuration, metadata): only the position moves. */
    public void advance(long term, long index) {
        if (index > position.index()) {
            Position next = new Position(term, index, position.timeMs(), position.leaseMs(), position.hash());
            store.write(List.of(), List.of(new KeyValueStore.Mutation(Family.META, Keys.APPLIED, next.toBytes())));
            position = next;
            remember(next);
        }
    }

    /** When, in lease time, the lease that ends first does so; {@link #NO_LEASES}. Thread-safe. */
    public long nextLeaseEndMs() {
        return nextLeaseEndMs;
    }

    /** A consistent state for reading. Thread-safe; close it. */
    public StoreView view() {
        return new StoreView(store.view());
    }

    /** Makes everything applied so far durable. Thread-safe. */
    public void flush() {
        store.flush();
    }

    /** A copy of the present state in a new directory, by hard links. Thread-safe. */
    public void checkpoint(Path directory) throws IOException {
        store.checkpoint(directory);
    }

    @Override
    public void close() {
        store.close();
    }

    private Result applyOnce(Operations operations, ApplyContext context, Command command) {
        long before = context.transaction.changes();
        try {
            if (!command.hasRequest()) {
                return operations.apply(command).setVersion(context.version).build();
            }
            Result replayed = sessions.replay(command.getRequest());
            if (replayed != null) {
                return replayed;
            }
        } catch (Refusal refusal) {
            return refused(context, before, refusal);
        }
        Result result;
        try {
            result = operations.apply(command).setVersion(context.version).build();
        } catch (Refusal refusal) {
            result = refused(context, before, refusal);
        }
        sessions.remember(context.transaction, command.getRequest(), result, context.version);
        return result;
    }

    private static Result refused(ApplyContext context, long changesBefore, Refusal refusal) {
        Failure failure = refusal.failure();
        Invariant.check(
                context.transaction.changes() == changesBefore,
                "a command was refused (%s) after it had changed something",
                failure.getMessage());
        return Result.newBuilder()
                .setVersion(context.version)
                .setFailure(failure)
                .build();
    }

    private String compare(Command command) {
        Long own = recentHashes.get(command.getVerifyState().getIndex());
        long leaders = command.getVerifyState().getHash();
        if (own == null || own == leaders) {
            return null;
        }
        return String.format(
                java.util.Locale.ROOT,
                "state after log index %d has hash %016x here and %016x at the leader",
                command.getVerifyState().getIndex(),
                own,
                leaders);
    }

    private void commit(Position at, Transaction transaction, List<Result> results) {
        List<KeyValueStore.Mutation> mutations = transaction.mutations();
        long hash = hash(position.hash(), transaction.rangeDeletes(), mutations, results);
        Position next = new Position(at.term(), at.index(), at.timeMs(), at.leaseMs(), hash);
        mutations.add(new KeyValueStore.Mutation(Family.META, Keys.APPLIED, next.toBytes()));
        store.write(transaction.rangeDeletes(), mutations);
        position = next;
        remember(next);
    }

    private static long hash(
            long previous,
            List<KeyValueStore.RangeDelete> deletes,
            List<KeyValueStore.Mutation> mutations,
            List<Result> results) {
        HashStream64 stream = Hashing.xxh3_64().hashStream();
        stream.putLong(previous);
        for (KeyValueStore.RangeDelete delete : deletes) {
            stream.putInt(delete.family().ordinal()).putByteArray(delete.from()).putByteArray(delete.to());
        }
        for (KeyValueStore.Mutation mutation : mutations) {
            stream.putInt(mutation.family().ordinal()).putByteArray(mutation.key());
            stream.putBoolean(mutation.value() != null);
            if (mutation.value() != null) {
                stream.putByteArray(mutation.value());
            }
        }
        for (Result result : results) {
            stream.putInt(result.getOutcomeCase().getNumber()).putLong(result.getVersion());
        }
        return stream.getAsLong();
    }

    private void remember(Position next) {
        recentHashes.put(next.index(), next.hash());
        if (recentHashes.size() > REMEMBERED_HASHES) {
            recentHashes.remove(recentHashes.keySet().iterator().next());
        }
    }

    /** Dispatches a command to the operation that carries it out. */
    private static final class Operations {
        private final ApplyContext context;
        private final EntryOperations entries;
        private final TreeOperations trees;
        private final VolumeOperations volumeOperations;
        private final PinOperations pins;
        private final VersionOperations versions;
        private final VersioningOperations versioning;
        private final ComposeOperation compose;
        private final LeaseOperations leases;
        private final TransactOperations transactions;
        private final FeedValues feedValues;
        private final Changes changes;

        Operations(ApplyContext context) {
            this.context = context;
            this.feedValues = new FeedValues(context);
            References references = new References(context, feedValues);
            this.changes = new Changes(context, feedValues);
            Heads heads = new Heads(context, references, changes);
            this.versions = new VersionOperations(context, heads);
            this.versioning = new VersioningOperations(context);
            this.compose = new ComposeOperation(context, heads);
            this.entries = new EntryOperations(context, heads);
            this.trees = new TreeOperations(context, heads, versions);
            this.volumeOperations = new VolumeOperations(context, changes);
            this.pins = new PinOperations(context, heads, versions);
            this.leases = new LeaseOperations(context, heads);
            this.transactions = new TransactOperations(context, heads, entries);
        }

        Result.Builder apply(Command command) {
            context.hidden = command.getHidden();
            CommandValidator.check(command);
            Result.Builder result = Result.newBuilder();
            switch (command.getOperationCase()) {
                case PUT -> result.setChange(entries.put(volume(command), command.getPut()));
                case APPEND -> result.setChange(entries.append(volume(command), command.getAppend()));
                case DELETE -> result.setChange(entries.delete(volume(command), command.getDelete()));
                case MAKE_DIRECTORY ->
                    result.setChange(entries.makeDirectory(volume(command), command.getMakeDirectory()));
                case REMOVE_DIRECTORY ->
                    result.setChange(entries.removeDirectory(volume(command), command.getRemoveDirectory()));
                case DELETE_TREE -> result.setTree(trees.deleteTree(volume(command), command.getDeleteTree()));
                case RENAME -> result.setTree(trees.rename(volume(command), command.getRename()));
                case COPY -> result.setTree(trees.copy(volume(command), command.getCopy()));
                case COMPOSE -> result.setChange(compose.compose(volume(command), command.getCompose()));
                case SET_ATTRIBUTES ->
                    result.setChange(versions.setAttributes(volume(command), command.getSetAttributes()));
                case SET_LOCK -> result.setChange(versions.setLock(volume(command), command.getSetLock()));
                case DELETE_VERSION -> result.setChange(versions.delete(volume(command), command.getDeleteVersion()));
                case SET_VERSIONING -> {
                    versioning.set(volume(command), command.getSetVersioning());
                    result.setDone(Done.getDefaultInstance());
                }
                case CREATE_VOLUME -> result.setVolume(volumeOperations.create(command.getCreateVolume()));
                case UPDATE_VOLUME ->
                    result.setVolume(volumeOperations.update(volume(command), command.getUpdateVolume()));
                case DELETE_VOLUME ->
                    result.setVolume(volumeOperations.delete(volume(command), command.getDeleteVolume()));
                case CREATE_PIN -> result.setPin(pins.create(volume(command), command.getCreatePin()));
                case RENEW_PIN -> result.setPin(pins.renew(volume(command), command.getRenewPin()));
                case RELEASE_PIN -> result.setPin(pins.release(volume(command), command.getReleasePin()));
                case SWEEP_HISTORY -> result.setSweep(pins.sweep(command.getSweepHistory()));
                case TRANSACT -> result.setTransact(transactions.transact(volume(command), command.getTransact()));
                case GRANT_LEASE -> result.setLease(leases.grant(volume(command), command.getGrantLease()));
                case KEEP_LEASE_ALIVE ->
                    result.setLease(leases.keepAlive(volume(command), command.getKeepLeaseAlive()));
                case REVOKE_LEASE -> result.setLease(leases.revoke(volume(command), command.getRevokeLease()));
                case EXPIRE_LEASES -> result.setSweep(leases.expire(command.getExpireLeases()));
                case BARRIER, VERIFY_STATE -> result.setDone(Done.getDefaultInstance());
                case SUCCEED_GROUP -> {
                    byte[] group = command.getSucceedGroup().getGroupId().toByteArray();
                    context.transaction.put(Family.META, Keys.predecessor(group), new byte[0]);
                    result.setDone(Done.getDefaultInstance());
                }
                case OPERATION_NOT_SET -> throw new AssertionError("the validator refuses it");
            }
            return result;
        }

        private VolumeState volume(Command command) {
            return context.volumes.require(command.getVolumeId());
        }
    }
}
