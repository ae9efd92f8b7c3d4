package io.moorage.client.call;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.CallErrors;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.AwaitRequest;
import io.moorage.protocol.v1.AwaitResponse;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.ListRequest;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.ListVersionsRequest;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.ListVolumesRequest;
import io.moorage.protocol.v1.ListVolumesResponse;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReadConcern;
import io.moorage.protocol.v1.ReadLeaseRequest;
import io.moorage.protocol.v1.ReadLeaseResponse;
import io.moorage.protocol.v1.ReadLogRequest;
import io.moorage.protocol.v1.ReadLogResponse;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.StatRequest;
import io.moorage.protocol.v1.StatResponse;
import io.moorage.protocol.v1.SubmitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Calls to a group: finds its leader, follows it when it moves, tries again within the deadline, and makes a command that is
 * sent twice take effect once. Thread-safe; calls block.
 */
public final class GroupCalls implements AutoCloseable {
    /** One attempt: a node that hangs must not eat the whole deadline. */
    private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final CallStreams streams;
    private final GroupDirectory directory;
    private final Map<GroupId, Session> sessions = new ConcurrentHashMap<>();
    private final Map<GroupId, AtomicLong> seen = new ConcurrentHashMap<>();

    public GroupCalls(NodeChannels channels, GroupDirectory directory) {
        this.streams = new CallStreams(channels);
        this.directory = directory;
    }

    /** Carries out a command once. @throws MoorageException also for what the group refused */
    public Result submit(GroupId group, Command command, CallOptions options) {
        Session session = sessions.computeIfAbsent(group, id -> new Session());
        try (Session.Request request = session.begin()) {
            Supplier<Call.Builder> call = () -> Call.newBuilder()
                    .setSubmit(SubmitRequest.newBuilder()
                            .setGroupId(group.toBytes())
                            .setCommand(command.toBuilder().setRequest(request.nextAttempt()))
                            .setWaitForAll(options.consistency() == Consistency.CONSISTENCY_STRONG));
            Result result = onLeader(group, options, request::uncertain, call)
                    .getSubmit()
                    .getResult();
            sawVersion(group, result.getVersion());
            if (result.hasFailure()) {
                throw new MoorageException(
                        result.getFailure().getCode(),
                        result.getFailure().getMessage(),
                        result.getFailure().getCurrentVersion(),
                        false,
                        Duration.ZERO,
                        null);
            }
            return result;
        }
    }

    /**
     * Reads, at the consistency that the options ask for (which must not be UNSPECIFIED).
     *
     * @param request all but its group and concern
     */
    public StatResponse stat(GroupId group, StatRequest.Builder request, CallOptions options) {
        request.setGroupId(group.toBytes()).setConcern(concern(group, options));
        StatResponse answer =
                read(group, options, () -> Call.newBuilder().setStat(request)).getStat();
        sawVersion(group, answer.getAppliedVersion());
        return answer;
    }

    /** @param request all but its group and concern */
    public ListResponse list(GroupId group, ListRequest.Builder request, CallOptions options) {
        request.setGroupId(group.toBytes()).setConcern(concern(group, options));
        ListResponse answer =
                read(group, options, () -> Call.newBuilder().setList(request)).getList();
        sawVersion(group, answer.getAppliedVersion());
        return answer;
    }

    /** @param request all but its group and concern */
    public ListVersionsResponse listVersions(GroupId group, ListVersionsRequest.Builder request, CallOptions options) {
        request.setGroupId(group.toBytes()).setConcern(concern(group, options));
        ListVersionsResponse answer = read(
                        group, options, () -> Call.newBuilder().setListVersions(request))
                .getListVersions();
        sawVersion(group, answer.getAppliedVersion());
        return answer;
    }

    /** @param request all but its group and concern */
    public ListVolumesResponse listVolumes(GroupId group, ListVolumesRequest.Builder request, CallOptions options) {
        request.setGroupId(group.toBytes()).setConcern(concern(group, options));
        ListVolumesResponse answer = read(
                        group, options, () -> Call.newBuilder().setListVolumes(request))
                .getListVolumes();
        sawVersion(group, answer.getAppliedVersion());
        return answer;
    }

    /** A lease and its keys. @param request all but its group and concern */
    public ReadLeaseResponse lease(GroupId group, ReadLeaseRequest.Builder request, CallOptions options) {
        request.setGroupId(group.toBytes()).setConcern(concern(group, options));
        ReadLeaseResponse answer = read(group, options, () -> Call.newBuilder().setReadLease(request))
                .getReadLease();
        sawVersion(group, answer.getAppliedVersion());
        return answer;
    }

    /** Committed commands from the leader's log. @param request all but its group */
    public ReadLogResponse readLog(GroupId group, ReadLogRequest.Builder request, CallOptions options) {
        request.setGroupId(group.toBytes());
        return onLeader(group, options, null, () -> Call.newBuilder().setReadLog(request))
                .getReadLog();
    }

    /** Waits until a replica has applied a version, hence it was committed. UNAVAILABLE if not within the deadline. */
    public AwaitResponse await(GroupId group, long version, CallOptions options) {
        AwaitRequest request = AwaitRequest.newBuilder()
                .setGroupId(group.toBytes())
                .setVersion(version)
                .build();
        return onLeader(group, options, null, () -> Call.newBuilder().setAwait(request))
                .getAwait();
    }

    private ReadConcern concern(GroupId group, CallOptions options) {
        boolean eventual = options.consistency() == Consistency.CONSISTENCY_EVENTUAL;
        return ReadConcern.newBuilder()
                .setConsistency(options.consistency())
                .setMinVersion(eventual ? Math.max(options.minVersion(), seen(group)) : options.minVersion())
                .setAsOfVersion(options.asOfVersion())
                .build();
    }

    private Answer read(GroupId group, CallOptions options, Supplier<Call.Builder> call) {
        return options.consistency() == Consistency.CONSISTENCY_EVENTUAL
                ? onAnyReplica(group, options, call)
                : onLeader(group, options, null, call);
    }

    /** The newest version of the group that this client has seen. */
    public long seen(GroupId group) {
        AtomicLong version = seen.get(group);
        return version == null ? 0 : version.get();
    }

    private void sawVersion(GroupId group, long version) {
        seen.computeIfAbsent(group, id -> new AtomicLong()).accumulateAndGet(version, Math::max);
    }

    /** @param onUncertain told when an attempt to write may have been applied; null = reads, which have no effect */
    private Answer onLeader(GroupId group, CallOptions options, Runnable onUncertain, Supplier<Call.Builder> call) {
        Backoff backoff = new Backoff(options.deadline());
        boolean uncertain = false;
        ErrorDetail last = null;
        while (true) {
            Optional<Member> leader = directory.route(group).flatMap(GroupDirectory.Route::leaderMember);
            long retryAfterMs = 0;
            if (leader.isPresent()) {
                try {
                    return attempt(leader.get(), call.get(), backoff);
                } catch (CallFailure e) {
                    last = e.detail();
                    if (onUncertain != null && !last.getNotApplied()) {
                        uncertain = true;
                        onUncertain.run();
                    }
                    if (!CallErrors.isTransient(last.getCode())) {
                        throw failure(last, uncertain, e);
                    }
                    retryAfterMs = last.getRetryAfterMs();
                    if (last.getCode() == ErrorCode.ERROR_CODE_NOT_LEADER
                            && !last.getLeaderNodeId().isEmpty()
                            && !last.getLeaderNodeId().equals(leader.get().getNodeId())) {
                        directory.leaderIs(group, last.getLeaderNodeId());
                        if (backoff.leftNanos() > 0) {
                            continue;
                        }
                    } else if (last.getCode() != ErrorCode.ERROR_CODE_SLOW_DOWN
                            && !(e.timedOut() && isPatient(options, backoff))) {
                        directory.leaderLost(group, leader.get().getNodeId());
                    }
                }
            }
            if (!backoff.pause(retryAfterMs)) {
                throw gaveUp(group, last, uncertain);
            }
            if (leader.isEmpty()) {
                directory.refresh();
            }
        }
    }

    /** Whether a call that was not answered in time tells nothing about the leader: a replica is waited for, or time was short. */
    private static boolean isPatient(CallOptions options, Backoff backoff) {
        return options.consistency() == Consistency.CONSISTENCY_STRONG || backoff.leftNanos() <= 0;
    }

    private Answer onAnyReplica(GroupId group, CallOptions options, Supplier<Call.Builder> call) {
        Backoff backoff = new Backoff(options.deadline());
        ErrorDetail last = null;
        while (true) {
            List<Member> members = new ArrayList<>(
                    directory.route(group).map(GroupDirectory.Route::members).orElse(List.of()));
            Collections.shuffle(members);
            for (Member member : members) {
                try {
                    return attempt(member, call.get(), backoff);
                } catch (CallFailure e) {
                    last = e.detail();
                    if (!CallErrors.isTransient(last.getCode())) {
                        throw failure(last, false, e);
                    }
                }
            }
            if (!backoff.pause(0)) {
                throw gaveUp(group, last, false);
            }
            directory.refresh();
        }
    }

    private Answer attempt(Member member, Call.Builder call, Backoff backoff) {
        long nanos = Math.max(1_000_000, Math.min(ATTEMPT_NANOS, backoff.leftNanos()));
        return streams.call(member.getServiceAddress(), call, nanos);
    }

    static MoorageException failure(ErrorDetail detail, boolean uncertain, Throwable cause) {
        return new MoorageException(
                detail.getCode(),
                detail.getMessage(),
                detail.getHorizon(),
                uncertain,
                Duration.ofMillis(detail.getRetryAfterMs()),
                cause);
    }

    private MoorageException gaveUp(GroupId group, ErrorDetail last, boolean uncertain) {
        if (last != null && last.getCode() == ErrorCode.ERROR_CODE_SLOW_DOWN) {
            return failure(last, uncertain, null);
        }
        String nodes = directory.unreachable();
        String reason = (last == null ? "it has no leader that a majority follows" : last.getMessage())
                + (nodes.isEmpty() ? "" : "; these nodes do not answer: " + nodes);
        return new MoorageException(
                ErrorCode.ERROR_CODE_UNAVAILABLE,
                "group " + group + " is not available: " + reason,
                0,
                uncertain,
                Duration.ofSeconds(2),
                null);
    }

    @Override
    public void close() {
        streams.close();
    }
}
