package io.moorage.node.service;

import io.grpc.stub.StreamObserver;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.scrub.Scrubber;
import io.moorage.node.status.NodeDescription;
import io.moorage.protocol.v1.CreateGroupRequest;
import io.moorage.protocol.v1.CreateGroupResponse;
import io.moorage.protocol.v1.DescribeRequest;
import io.moorage.protocol.v1.DescribeResponse;
import io.moorage.protocol.v1.NodeServiceGrpc;
import io.moorage.protocol.v1.ReconfigureGroupRequest;
import io.moorage.protocol.v1.ReconfigureGroupResponse;
import io.moorage.protocol.v1.RecoverGroupRequest;
import io.moorage.protocol.v1.RecoverGroupResponse;
import io.moorage.protocol.v1.RemoveGroupRequest;
import io.moorage.protocol.v1.RemoveGroupResponse;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.StartScrubRequest;
import io.moorage.protocol.v1.StartScrubResponse;
import io.moorage.protocol.v1.TakeSnapshotRequest;
import io.moorage.protocol.v1.TakeSnapshotResponse;
import io.moorage.protocol.v1.TransferLeadershipRequest;
import io.moorage.protocol.v1.TransferLeadershipResponse;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/** What those who run the cluster ask of a node. */
public final class NodeServiceImpl extends NodeServiceGrpc.NodeServiceImplBase {
    private final RaftHost raft;
    private final NodeDescription description;
    private final Scrubber scrubber;
    private final Executor executor;

    /** @param executor changes of groups take their time */
    public NodeServiceImpl(RaftHost raft, NodeDescription description, Scrubber scrubber, Executor executor) {
        this.raft = raft;
        this.description = description;
        this.scrubber = scrubber;
        this.executor = executor;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            DescribeResponse.Builder response = DescribeResponse.newBuilder().setNode(description.now());
            for (UUID group : raft.groups()) {
                response.addReplicas(describe(group));
            }
            raft.absences()
                    .all()
                    .forEach((group, absence) -> response.addReplicas(ReplicaInfo.newBuilder()
                            .setGroupId(Groups.bytes(group))
                            .setState(absence.state())
                            .setReason(absence.why())));
            return response.build();
        });
    }

    /** One replica that is on its way in or out must not hide the others. */
    private ReplicaInfo describe(UUID group) {
        try {
            return raft.describe(group).info().toBuilder()
                    .setGroupId(Groups.bytes(group))
                    .build();
        } catch (RuntimeException e) {
            return ReplicaInfo.newBuilder()
                    .setGroupId(Groups.bytes(group))
                    .setState(ReplicaState.REPLICA_STATE_FAILED)
                    .setReason("it cannot be asked: " + e.getMessage())
                    .build();
        }
    }

    @Override
    public void createGroup(CreateGroupRequest request, StreamObserver<CreateGroupResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            raft.changes().createGroup(Groups.parse(request.getGroupId()), request.getMembersList());
            return CreateGroupResponse.getDefaultInstance();
        });
    }

    @Override
    public void removeGroup(RemoveGroupRequest request, StreamObserver<RemoveGroupResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            raft.changes()
                    .removeGroup(Groups.parse(request.getGroupId()), request.getMembersList(), request.getIfEmpty());
            return RemoveGroupResponse.getDefaultInstance();
        });
    }

    @Override
    public void reconfigureGroup(ReconfigureGroupRequest request, StreamObserver<ReconfigureGroupResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            raft.changes()
                    .reconfigure(
                            Groups.parse(request.getGroupId()), request.getExpectedList(), request.getMembersList());
            return ReconfigureGroupResponse.getDefaultInstance();
        });
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
        UnaryCalls.answer(executor, observer, () -> {
            Optional<String> to = Optional.of(request.getNodeId()).filter(id -> !id.isEmpty());
            int timeout = request.getTimeoutMs() == 0 ? 5000 : request.getTimeoutMs();
            raft.changes().transferLeadership(Groups.parse(request.getGroupId()), to, timeout);
            return TransferLeadershipResponse.getDefaultInstance();
        });
    }

    @Override
    public void takeSnapshot(TakeSnapshotRequest request, StreamObserver<TakeSnapshotResponse> observer) {
        UnaryCalls.answer(
                executor,
                observer,
                () -> TakeSnapshotResponse.newBuilder()
                        .setIndex(raft.takeSnapshot(Groups.parse(request.getGroupId())))
                        .build());
    }

    @Override
    public void startScrub(StartScrubRequest request, StreamObserver<StartScrubResponse> observer) {
        UnaryCalls.answer(
                executor,
                observer,
                () -> StartScrubResponse.newBuilder()
                        .setScrub(scrubber.start(request.getDueMs()))
                        .build());
    }

    @Override
    public void recoverGroup(RecoverGroupRequest request, StreamObserver<RecoverGroupResponse> observer) {
        UnaryCalls.answer(
                executor,
                observer,
                () -> RecoverGroupResponse.newBuilder()
                        .setGroupId(Groups.bytes(
                                raft.recovery().recover(Groups.parse(request.getGroupId()), request.getExcludedList())))
                        .build());
    }
}
