package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.call.ChangeCalls;
import io.moorage.client.call.GroupCalls;
import io.moorage.protocol.v1.AwaitResponse;
import io.moorage.protocol.v1.ChangesRequest;
import io.moorage.protocol.v1.ChangesResponse;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.GrantLease;
import io.moorage.protocol.v1.KeepLeaseAlive;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Lease;
import io.moorage.protocol.v1.LeaseResult;
import io.moorage.protocol.v1.ListRequest;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.LoggedCommand;
import io.moorage.protocol.v1.ReadLeaseRequest;
import io.moorage.protocol.v1.ReadLeaseResponse;
import io.moorage.protocol.v1.ReadLogRequest;
import io.moorage.protocol.v1.ReadLogResponse;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.RevokeLease;
import io.moorage.protocol.v1.StatRequest;
import io.moorage.protocol.v1.StatResponse;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.TransactResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** {@link Kv} of a volume in its home group. */
public final class GroupKv implements Kv {
    private static final long MAX_VALUE_BYTES = 1 << 20;

    private final VolumeRef volume;
    private final GroupCalls calls;
    private final ChangeCalls changes;
    private final VolumeStore store;
    private final LeaseKeeper keeper;

    public GroupKv(VolumeRef volume, GroupCalls calls, ChangeCalls changes, VolumeStore store, LeaseKeeper keeper) {
        this.volume = volume;
        this.calls = calls;
        this.changes = changes;
        this.store = store;
        this.keeper = keeper;
    }

    @Override
    public VolumeRef volume() {
        return volume;
    }

    @Override
    public Optional<KeyValue> get(String key, CallOptions call) {
        CallOptions effective = reading(call);
        StatResponse found = calls.stat(
                volume.group(),
                StatRequest.newBuilder().setVolumeId(volume.id()).setKey(key),
                effective);
        if (!found.hasEntry()) {
            return Optional.empty();
        }
        if (found.hasContent()) {
            return Optional.of(KeyValue.newBuilder()
                    .setEntry(found.getEntry().toBuilder().clearExtents())
                    .setValue(found.getContent())
                    .build());
        }
        return readFile(key, effective);
    }

    /** A value that was stored as a file. */
    private Optional<KeyValue> readFile(String key, CallOptions call) {
        try (EntryReader reader = store.open(key, call).orElse(null)) {
            if (reader == null) {
                return Optional.empty();
            }
            long size = reader.entry().getSize();
            if (size > MAX_VALUE_BYTES) {
                throw new MoorageException(
                        ErrorCode.ERROR_CODE_TOO_LARGE,
                        "'" + key + "' has " + size + " bytes, and a value at most " + MAX_VALUE_BYTES
                                + ": read it as a file");
            }
            ByteString.Output out = ByteString.newOutput((int) size);
            reader.transferTo(0, size, out);
            return Optional.of(KeyValue.newBuilder()
                    .setEntry(reader.entry().toBuilder().clearExtents())
                    .setValue(out.toByteString())
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public KvResult put(String key, ByteString value, KvPutOptions options, CallOptions call) {
        return one(Operations.put(key, value, options), call);
    }

    @Override
    public Cas compareAndSwap(Compare expected, ByteString value, KvPutOptions options, CallOptions call) {
        TransactResult result = transact(
                Transact.newBuilder()
                        .addCompare(expected)
                        .addSuccess(Operations.put(expected.getKey(), value, options))
                        .addOtherwise(Operations.get(expected.getKey()))
                        .build(),
                call);
        KvResult only = result.getResults(0);
        return new Cas(
                result.getSucceeded(),
                only.getEntry().getEntry().getVersion(),
                result.getSucceeded() || !only.hasEntry() ? Optional.empty() : Optional.of(only.getEntry()));
    }

    @Override
    public KvResult delete(String key, CallOptions call) {
        return one(Operations.delete(key), call);
    }

    @Override
    public long increment(String key, long by, CallOptions call) {
        return one(Operations.increment(key, by), call).getNumber();
    }

    @Override
    public KvPage range(String prefix, String startAfter, int limit, boolean keysOnly, CallOptions call) {
        if (keysOnly) {
            // What a listing answers, which leaves nothing in the log.
            ListResponse page = calls.list(
                    volume.group(),
                    ListRequest.newBuilder()
                            .setVolumeId(volume.id())
                            .setPrefix(prefix)
                            .setStartAfter(startAfter)
                            .setLimit(limit),
                    reading(call));
            return new KvPage(
                    page.getEntriesList().stream()
                            .map(entry -> KeyValue.newBuilder().setEntry(entry).build())
                            .toList(),
                    page.getTruncated());
        }
        KvResult result = one(Operations.range(prefix, startAfter, limit, false), call);
        return new KvPage(result.getEntriesList(), result.getTruncated());
    }

    private KvResult one(KvOperation operation, CallOptions call) {
        return transact(Transact.newBuilder().addSuccess(operation).build(), call)
                .getResults(0);
    }

    @Override
    public TransactResult transact(Transact transact, CallOptions call) {
        return submit(transact, call).getTransact();
    }

    @Override
    public Result submit(Transact transact, CallOptions call) {
        Command.Builder command = Command.newBuilder().setTransact(transact);
        Result result = submit(command, call);
        // A result that is given again lacks its bulky parts; what changed nothing can be asked anew.
        boolean writes = java.util.stream.Stream.concat(
                        transact.getSuccessList().stream(), transact.getOtherwiseList().stream())
                .anyMatch(operation -> !operation.hasGet() && !operation.hasRange());
        return result.getReplayed() && !writes ? submit(command, call) : result;
    }

    @Override
    public Lease grantLease(Duration ttl, CallOptions call) {
        return submit(Command.newBuilder().setGrantLease(GrantLease.newBuilder().setTtlMs(ttl.toMillis())), call)
                .getLease()
                .getLease();
    }

    @Override
    public Lease keepAlive(long lease, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setKeepLeaseAlive(KeepLeaseAlive.newBuilder().setLeaseId(lease)),
                        call)
                .getLease()
                .getLease();
    }

    @Override
    public LeaseResult revoke(long lease, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setRevokeLease(RevokeLease.newBuilder().setLeaseId(lease)),
                        call)
                .getLease();
    }

    @Override
    public Optional<LeaseView> lease(long lease, CallOptions call) {
        ReadLeaseResponse found = calls.lease(
                volume.group(),
                ReadLeaseRequest.newBuilder().setVolumeId(volume.id()).setLeaseId(lease),
                reading(call));
        return found.hasLease() ? Optional.of(new LeaseView(found.getLease(), found.getKeysList())) : Optional.empty();
    }

    @Override
    public ChangeSet changes(ChangeQuery query, Duration wait) {
        ChangesRequest.Builder request = ChangesRequest.newBuilder()
                .setVolumeId(volume.id())
                .setPrefix(query.prefix())
                .setLimit(query.limit())
                .setKeysOnly(query.keysOnly())
                .setMinVersion(calls.seen(volume.group()))
                .setFromOldest(query.after().isEmpty());
        query.after()
                .ifPresent(
                        position -> request.setAfterVersion(position.version()).setAfterOrdinal(position.ordinal()));
        ChangesResponse answer = changes.changes(volume.group(), request.build(), wait, CallOptions.DEFAULT_DEADLINE);
        return new ChangeSet(
                answer.getChangesList(),
                new Position(answer.getNextVersion(), answer.getNextOrdinal()),
                answer.getMore(),
                answer.getFeed());
    }

    @Override
    public AwaitResponse await(long version, CallOptions call) {
        return calls.await(volume.group(), version, call);
    }

    @Override
    public ReadLogResponse log(long fromVersion, int limit, CallOptions call) {
        return calls.readLog(
                volume.group(),
                ReadLogRequest.newBuilder()
                        .setVolumeId(volume.id())
                        .setFromVersion(fromVersion)
                        .setLimit(limit),
                call);
    }

    @Override
    public Optional<LoggedCommand> logged(long version, CallOptions call) {
        return calls
                .readLog(
                        volume.group(),
                        ReadLogRequest.newBuilder()
                                .setVolumeId(volume.id())
                                .setFromVersion(version)
                                .setLimit(1)
                                .setExact(true),
                        call)
                .getCommandsList()
                .stream()
                .findFirst();
    }

    @Override
    public LeaseKeeper keeper() {
        return keeper;
    }

    private Result submit(Command.Builder command, CallOptions call) {
        return calls.submit(volume.group(), command.setVolumeId(volume.id()).build(), writing(call));
    }

    /** Strong, unless something else is asked for. */
    private static CallOptions reading(CallOptions call) {
        return call.withDefaultConsistency(Consistency.CONSISTENCY_STRONG);
    }

    private CallOptions writing(CallOptions call) {
        return call.withDefaultConsistency(volume.consistency());
    }
}
