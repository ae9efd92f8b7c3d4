package io.moorage.client.admin;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.StatusRuntimeException;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.wire.CallErrors;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.CreateGroupRequest;
import io.moorage.protocol.v1.DescribeRequest;
import io.moorage.protocol.v1.DescribeResponse;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeServiceGrpc;
import io.moorage.protocol.v1.ReconfigureGroupRequest;
import io.moorage.protocol.v1.RecoverGroupRequest;
import io.moorage.protocol.v1.RemoveGroupRequest;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.StartScrubRequest;
import io.moorage.protocol.v1.TransferLeadershipRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** {@link ClusterAdmin} by the nodes' own service. */
public final class NodeAdmin implements ClusterAdmin {
    private static final Duration QUICK_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(60);
    /** A member that joins copies the group's state before the change is made. */
    private static final Duration JOIN_TIMEOUT = Duration.ofMinutes(30);

    private volatile List<String> addresses;
    private final NodeChannels channels;

    public NodeAdmin(List<String> addresses, NodeChannels channels) {
        this.addresses = List.copyOf(addresses);
        this.channels = channels;
    }

    @Override
    public void setAddresses(List<String> nodes) {
        // In one step: nobody who asks meanwhile finds an empty or half a list.
        addresses = List.copyOf(nodes);
    }

    @Override
    public List<String> addresses() {
        return addresses;
    }

    @Override
    public List<NodeView> describe(Duration timeout) {
        List<String> asked = addresses;
        List<ListenableFuture<DescribeResponse>> answers = new ArrayList<>();
        for (String address : asked) {
            answers.add(NodeServiceGrpc.newFutureStub(channels.retrying(address))
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .describe(DescribeRequest.getDefaultInstance()));
        }
        List<NodeView> views = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            views.add(view(asked.get(i), answers.get(i)));
        }
        return views;
    }

    private static NodeView view(String address, ListenableFuture<DescribeResponse> answer) {
        try {
            DescribeResponse response = answer.get();
            return new NodeView(address, Optional.of(response.getNode()), response.getReplicasList(), "");
        } catch (ExecutionException e) {
            return new NodeView(
                    address,
                    Optional.empty(),
                    List.of(),
                    CallErrors.detail(e.getCause()).getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new NodeView(address, Optional.empty(), List.of(), "interrupted");
        }
    }

    @Override
    public void createGroup(String nodeAddress, GroupId group, List<Member> members) {
        call(
                nodeAddress,
                stub -> stub.createGroup(CreateGroupRequest.newBuilder()
                        .setGroupId(group.toBytes())
                        .addAllMembers(members)
                        .build()));
    }

    @Override
    public void removeGroup(String nodeAddress, GroupId group, List<Member> members, boolean ifEmpty) {
        call(
                nodeAddress,
                stub -> stub.removeGroup(RemoveGroupRequest.newBuilder()
                        .setGroupId(group.toBytes())
                        .addAllMembers(members)
                        .setIfEmpty(ifEmpty)
                        .build()));
    }

    @Override
    public void reconfigure(GroupId group, List<String> expectedNodeIds, List<Member> members) {
        call(
                leader(group),
                JOIN_TIMEOUT,
                stub -> stub.reconfigureGroup(ReconfigureGroupRequest.newBuilder()
                        .setGroupId(group.toBytes())
                        .addAllExpected(expectedNodeIds)
                        .addAllMembers(members)
                        .build()));
    }

    @Override
    public void startScrub(String nodeAddress, Instant due) {
        call(
                nodeAddress,
                QUICK_TIMEOUT,
                stub -> stub.startScrub(StartScrubRequest.newBuilder()
                        .setDueMs(due.toEpochMilli())
                        .build()));
    }

    @Override
    public GroupId recoverGroup(String nodeAddress, GroupId group, List<String> excluded) {
        AtomicReference<GroupId> successor = new AtomicReference<>();
        call(
                nodeAddress,
                stub -> successor.set(GroupId.of(stub.recoverGroup(RecoverGroupRequest.newBuilder()
                                .setGroupId(group.toBytes())
                                .addAllExcluded(excluded)
                                .build())
                        .getGroupId())));
        return successor.get();
    }

    @Override
    public void transferLeadership(GroupId group, Optional<String> toNodeId, Duration timeout) {
        call(
                leader(group),
                stub -> stub.transferLeadership(TransferLeadershipRequest.newBuilder()
                        .setGroupId(group.toBytes())
                        .setNodeId(toNodeId.orElse(""))
                        .setTimeoutMs((int) timeout.toMillis())
                        .build()));
    }

    private String leader(GroupId group) {
        for (NodeView node : describe(Duration.ofSeconds(2))) {
            for (ReplicaInfo replica : node.replicas()) {
                if (replica.getRole() == Role.ROLE_LEADER
                        && replica.getGroupId().equals(group.toBytes())) {
                    return node.address();
                }
            }
        }
        throw new MoorageException(
                ErrorCode.ERROR_CODE_UNAVAILABLE, "group " + group + " has no leader among the nodes that answer");
    }

    private interface Call {
        void on(NodeServiceGrpc.NodeServiceBlockingStub stub);
    }

    private void call(String address, Call call) {
        call(address, CHANGE_TIMEOUT, call);
    }

    private void call(String address, Duration timeout, Call call) {
        try {
            call.on(NodeServiceGrpc.newBlockingStub(channels.to(address))
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            ErrorDetail detail = CallErrors.detail(e);
            throw new MoorageException(
                    detail.getCode(),
                    "node " + address + ": " + detail.getMessage(),
                    0,
                    !detail.getNotApplied(),
                    Duration.ofMillis(detail.getRetryAfterMs()),
                    e);
        }
    }
}
