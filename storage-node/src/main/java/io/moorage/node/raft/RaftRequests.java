package io.moorage.node.raft;

import io.moorage.node.replica.NodeErrors;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;

/** What this node asks of its own Ratis server, and what the answers mean to a caller. Thread-safe. */
final class RaftRequests {
    private static final long SNAPSHOT_MS = 10_000;

    private final RaftServer server;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();

    RaftRequests(RaftServer server) {
        this.server = server;
    }

    /**
     * Where requests of this process enter a group: at its division, which takes them by the thread that calls. The server would give
     * each to another thread and wait for that one.
     *
     * @throws IOException if there is no such group here
     */
    static RaftClientAsynchronousProtocol entrance(RaftServer server, RaftGroupId group) throws IOException {
        return server.getDivision(group) instanceof RaftClientAsynchronousProtocol division ? division : server;
    }

    /** @param format a new one, rather than one that is on the disk */
    RaftClientReply addGroup(RaftGroup group, boolean format) throws IOException {
        return server.groupManagement(
                GroupManagementRequest.newAdd(clientId, server.getId(), callIds.incrementAndGet(), group, format));
    }

    RaftClientReply removeGroup(UUID group, boolean deleteDirectory) throws IOException {
        return server.groupManagement(GroupManagementRequest.newRemove(
                clientId,
                server.getId(),
                callIds.incrementAndGet(),
                RaftGroupId.valueOf(group),
                deleteDirectory,
                false));
    }

    RaftClientReply setConfiguration(UUID group, SetConfigurationRequest.Arguments arguments) throws IOException {
        return server.setConfiguration(new SetConfigurationRequest(
                clientId, server.getId(), RaftGroupId.valueOf(group), callIds.incrementAndGet(), arguments));
    }

    RaftClientReply transferLeadership(UUID group, RaftPeerId to, long timeoutMs) throws IOException {
        return server.transferLeadership(transfer(group, to, timeoutMs));
    }

    /** To whichever member is best. */
    CompletableFuture<RaftClientReply> stepDown(UUID group, long timeoutMs) throws IOException {
        return server.transferLeadershipAsync(transfer(group, null, timeoutMs));
    }

    private TransferLeadershipRequest transfer(UUID group, RaftPeerId to, long timeoutMs) {
        return new TransferLeadershipRequest(
                clientId, server.getId(), RaftGroupId.valueOf(group), callIds.incrementAndGet(), to, timeoutMs);
    }

    RaftClientReply takeSnapshot(RaftGroupId group) throws IOException {
        return server.snapshotManagement(snapshot(group));
    }

    CompletableFuture<RaftClientReply> takeSnapshotAsync(RaftGroupId group) {
        return server.snapshotManagementAsync(snapshot(group));
    }

    private SnapshotManagementRequest snapshot(RaftGroupId group) {
        return SnapshotManagementRequest.newCreate(
                clientId, server.getId(), group, callIds.incrementAndGet(), SNAPSHOT_MS);
    }

    /** Completes when this node's lease as leader held at some moment after the call. Fails with NOT_LEADER, UNAVAILABLE. */
    CompletableFuture<Void> confirmLease(UUID group) {
        return submit(group, RaftClientRequest.readRequestType());
    }

    /** Completes when all members have committed this log index. */
    CompletableFuture<Void> awaitAllCommitted(UUID group, long index) {
        return submit(group, RaftClientRequest.watchRequestType(index, RaftProtos.ReplicationLevel.ALL_COMMITTED));
    }

    private CompletableFuture<Void> submit(UUID group, RaftClientRequest.Type type) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(server.getId())
                .setGroupId(RaftGroupId.valueOf(group))
                .setCallId(callIds.incrementAndGet())
                .setMessage(Message.EMPTY)
                .setType(type)
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = entrance(server, request.getRaftGroupId()).submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((answer, failure) -> {
            if (failure != null) {
                // Such as a member that is starting still: another attempt may find it, or another leader, ready.
                throw unavailable(group, failure instanceof CompletionException ? failure.getCause() : failure);
            }
            check(group, answer);
            return null;
        });
    }

    /** @throws NodeErrors.CallException NOT_LEADER, UNAVAILABLE */
    static void check(UUID group, RaftClientReply reply) {
        if (reply.isSuccess()) {
            return;
        }
        if (reply.getNotLeaderException() != null) {
            RaftPeer leader = reply.getNotLeaderException().getSuggestedLeader();
            throw NodeErrors.notLeader(leader == null ? "" : leader.getId().toString(), true);
        }
        throw unavailable(group, reply.getException());
    }

    private static NodeErrors.CallException unavailable(UUID group, Throwable cause) {
        return NodeErrors.uncertain(
                ErrorCode.ERROR_CODE_UNAVAILABLE, "group " + group + ": " + cause.getMessage(), cause);
    }
}
