package io.moorage.node.service;

import com.google.protobuf.ByteString;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.status.SpaceWatch;
import io.moorage.node.store.CommandValidator;
import io.moorage.node.store.EntryPage;
import io.moorage.node.store.Refusal;
import io.moorage.node.store.StoreView;
import io.moorage.node.store.Versions;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.Barrier;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListRequest;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.ListVersionsRequest;
import io.moorage.protocol.v1.ListVolumesRequest;
import io.moorage.protocol.v1.ListVolumesResponse;
import io.moorage.protocol.v1.ReadConcern;
import io.moorage.protocol.v1.ReadLeaseRequest;
import io.moorage.protocol.v1.ReadLeaseResponse;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.StatRequest;
import io.moorage.protocol.v1.StatResponse;
import io.moorage.protocol.v1.SubmitRequest;
import io.moorage.protocol.v1.SubmitResponse;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.Volume;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

/** Commands and reads of the groups on this node. Thread-safe. */
final class StoreCalls {
    private final RaftHost raft;
    private final SpaceWatch space;
    private final Executor executor;
    private final FeedCalls feed;

    /** @param executor carries out reads, which may wait for the log to be applied */
    StoreCalls(RaftHost raft, SpaceWatch space, Executor executor) {
        this.raft = raft;
        this.space = space;
        this.executor = executor;
        this.feed = new FeedCalls(raft, executor);
    }

    /** The answer, without its id. Fails with what {@link CallErrors} tells. */
    CompletableFuture<Answer.Builder> start(Call call) {
        long deadline = Deadlines.nanos(call.getTimeoutMs());
        try {
            return switch (call.getCallCase()) {
                case SUBMIT -> submit(call.getSubmit(), deadline);
                case STAT -> stat(call.getStat(), deadline);
                case LIST -> list(call.getList(), deadline);
                case LIST_VOLUMES -> listVolumes(call.getListVolumes(), deadline);
                case CHANGES -> feed.changes(call.getChanges(), deadline);
                case AWAIT -> feed.await(call.getAwait(), deadline);
                case READ_LOG -> feed.readLog(call.getReadLog());
                case READ_LEASE -> readLease(call.getReadLease(), deadline);
                case LIST_VERSIONS -> listVersions(call.getListVersions(), deadline);
                case CALL_NOT_SET -> throw Refusal.invalid("the call is of a kind that this node does not know");
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Answer.Builder> submit(SubmitRequest request, long deadline) {
        UUID group = Groups.parse(request.getGroupId());
        CommandValidator.check(request.getCommand());
        // Whoever does not lead says so: the leader may well have room.
        if (takesSpace(request.getCommand()) && raft.isLeader(group)) {
            space.checkRoom();
        }
        CompletableFuture<Result> result = raft.proposer(group).propose(request.getCommand(), deadline);
        CompletableFuture<Result> durable = request.getWaitForAll()
                ? result.thenCompose(r -> raft.awaitAllCommitted(group, Versions.indexOf(r.getVersion()))
                        .handle((done, failure) -> {
                            if (failure != null) {
                                throw NodeErrors.uncertain(
                                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                                        "it is on a majority, and not known to be on every replica: "
                                                + failure.getMessage(),
                                        failure);
                            }
                            return r;
                        }))
                : result;
        return durable.thenApply(
                r -> Answer.newBuilder().setSubmit(SubmitResponse.newBuilder().setResult(r)));
    }

    /** Deleting must go on when there is no room. */
    private static boolean takesSpace(Command command) {
        return switch (command.getOperationCase()) {
            case PUT, APPEND, COPY, MAKE_DIRECTORY, CREATE_VOLUME, COMPOSE, SET_ATTRIBUTES -> true;
            case TRANSACT -> takesSpace(command.getTransact());
            default -> false;
        };
    }

    private static boolean takesSpace(Transact transact) {
        return Stream.concat(transact.getSuccessList().stream(), transact.getOtherwiseList().stream())
                .anyMatch(operation -> operation.hasPut() || operation.hasIncrement());
    }

    private CompletableFuture<Answer.Builder> readLease(ReadLeaseRequest request, long deadline) {
        return read(request.getGroupId(), request.getConcern(), deadline, view -> {
            ReadLeaseResponse.Builder response = ReadLeaseResponse.newBuilder().setAppliedVersion(view.version());
            view.lease(request.getVolumeId(), request.getLeaseId())
                    .ifPresent(lease -> response.setLease(lease)
                            .addAllKeys(view.leaseKeys(request.getVolumeId(), request.getLeaseId())));
            return Answer.newBuilder().setReadLease(response);
        });
    }

    private CompletableFuture<Answer.Builder> stat(StatRequest request, long deadline) {
        return read(request.getGroupId(), request.getConcern(), deadline, view -> {
            StatResponse.Builder response = StatResponse.newBuilder().setAppliedVersion(view.version());
            Optional<Entry> found = find(view, request, response);
            found.ifPresent(entry -> {
                response.setEntry(
                        request.getMetadataOnly()
                                ? entry.toBuilder().clearExtents().build()
                                : entry);
                boolean oneInline =
                        entry.getExtentsCount() == 1 && entry.getExtents(0).getInline() && !request.getMetadataOnly();
                if (oneInline) {
                    view.inline(request.getVolumeId(), entry.getExtents(0)).ifPresent(response::setContent);
                } else if (entry.getExtentsCount() == 0) {
                    response.setContent(ByteString.EMPTY);
                }
            });
            return Answer.newBuilder().setStat(response);
        });
    }

    private static Optional<Entry> find(StoreView view, StatRequest request, StatResponse.Builder response) {
        long volume = request.getVolumeId();
        String key = request.getKey();
        long asOf = request.getConcern().getAsOfVersion();
        if (request.getVersion().getWhichCase() != VersionSelector.WhichCase.WHICH_NOT_SET) {
            if (asOf != 0) {
                throw Refusal.invalid("version and concern.as_of_version exclude each other; give one of them");
            }
            return view.version(volume, key, request.getVersion(), request.getHidden());
        }
        Optional<Entry> found = view.stat(volume, key, asOf, request.getHidden());
        if (found.isEmpty() && asOf == 0) {
            view.deleteMarker(volume, key).ifPresent(response::setDeleteMarker);
        }
        if (key.indexOf('/') == key.length() - 1) {
            response.setVersioning(view.versioning(volume, key));
        }
        return found;
    }

    private CompletableFuture<Answer.Builder> listVersions(ListVersionsRequest request, long deadline) {
        if (request.getConcern().getAsOfVersion() != 0) {
            throw Refusal.invalid("versions are listed of the present state only; leave as_of_version out");
        }
        return read(
                request.getGroupId(),
                request.getConcern(),
                deadline,
                view -> Answer.newBuilder()
                        .setListVersions(view.versions(
                                request.getVolumeId(),
                                request.getPrefix(),
                                request.getDelimiter(),
                                request.getKeyMarker(),
                                request.getVersionMarker(),
                                request.getLimit())));
    }

    private CompletableFuture<Answer.Builder> list(ListRequest request, long deadline) {
        return read(request.getGroupId(), request.getConcern(), deadline, view -> {
            EntryPage page = view.list(
                    request.getVolumeId(),
                    request.getPrefix(),
                    request.getDelimiter(),
                    request.getStartAfter(),
                    request.getLimit(),
                    request.getConcern().getAsOfVersion(),
                    request.getHidden());
            return Answer.newBuilder()
                    .setList(ListResponse.newBuilder()
                            .addAllEntries(page.entries())
                            .addAllCommonPrefixes(page.commonPrefixes())
                            .setTruncated(page.truncated())
                            .setNextStartAfter(page.next())
                            .setAppliedVersion(view.version()));
        });
    }

    private CompletableFuture<Answer.Builder> listVolumes(ListVolumesRequest request, long deadline) {
        return read(request.getGroupId(), request.getConcern(), deadline, view -> {
            ListVolumesResponse.Builder response =
                    ListVolumesResponse.newBuilder().setAppliedVersion(view.version());
            for (Volume volume : view.volumes()) {
                boolean wanted = (request.getName().isEmpty()
                                || request.getName().equals(volume.getSpec().getName()))
                        && (request.getId() == 0 || request.getId() == volume.getId());
                if (wanted) {
                    response.addVolumes(volume);
                }
            }
            return Answer.newBuilder().setListVolumes(response);
        });
    }

    /** An entry of its own in the log: whoever reads it reads everything before it. */
    private CompletableFuture<Long> barrier(UUID group, long deadline) {
        return raft.proposer(group)
                .propose(
                        Command.newBuilder()
                                .setBarrier(Barrier.getDefaultInstance())
                                .build(),
                        deadline)
                .thenApply(result -> Versions.indexOf(result.getVersion()));
    }

    /** Waits until this replica may answer at the consistency asked for, then reads a consistent view. */
    private CompletableFuture<Answer.Builder> read(
            ByteString groupId, ReadConcern concern, long deadline, Function<StoreView, Answer.Builder> body) {
        UUID group = Groups.parse(groupId);
        Replica replica = raft.replica(group);
        CompletableFuture<Long> fresh = switch (concern.getConsistency()) {
            case CONSISTENCY_EVENTUAL -> CompletableFuture.completedFuture(0L);
            case CONSISTENCY_STRONG ->
                raft.readIndex(group)
                        // Also from those who do not lead: that way they learn who does.
                        .exceptionallyCompose(unconfirmed -> barrier(group, deadline));
            // Ratis may keep whoever asks waiting.
            default ->
                CompletableFuture.supplyAsync(() -> raft.confirmLease(group), executor)
                        .thenCompose(asked -> asked.thenApply(done -> 0L));
        };
        return fresh.thenApplyAsync(
                index -> {
                    long needed = Math.max(index, Versions.indexOf(concern.getMinVersion()));
                    try (Replica.Reading reading = replica.read(needed, deadline)) {
                        return body.apply(reading.view());
                    }
                },
                executor);
    }
}
