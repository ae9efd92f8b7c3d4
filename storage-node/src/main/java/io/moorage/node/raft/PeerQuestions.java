package io.moorage.node.raft;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.moorage.node.peer.PeerChannels;
import io.moorage.protocol.v1.DescribeRequest;
import io.moorage.protocol.v1.DescribeResponse;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeServiceGrpc;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks other nodes what they are and hold, all at once, for at most {@value #TIMEOUT_SECONDS} seconds. Thread-safe. */
final class PeerQuestions {
    private static final int TIMEOUT_SECONDS = 3;

    private final PeerChannels channels;

    PeerQuestions(PeerChannels channels) {
        this.channels = channels;
    }

    /** Those that answered. @param addresses host:port of their services */
    List<DescribeResponse> nodes(Collection<String> addresses) {
        List<ListenableFuture<DescribeResponse>> calls =
                new TreeSet<>(addresses).stream().map(this::ask).toList();
        return calls.stream().flatMap(call -> answer(call).stream()).toList();
    }

    /** What members say of their replicas of a group, by node id; those that did not answer, or have none, are left out. */
    Map<String, ReplicaInfo> members(ByteString group, List<Member> members) {
        Map<String, ListenableFuture<DescribeResponse>> calls = new HashMap<>();
        members.forEach(member -> calls.put(member.getNodeId(), ask(member.getServiceAddress())));
        Map<String, ReplicaInfo> answers = new HashMap<>();
        calls.forEach((member, call) ->
                // Another node may have its address by now.
                answer(call)
                        .filter(said -> said.getNode().getId().equals(member))
                        .flatMap(said -> said.getReplicasList().stream()
                                .filter(replica -> replica.getGroupId().equals(group))
                                .findFirst())
                        .ifPresent(replica -> answers.put(member, replica)));
        return answers;
    }

    private ListenableFuture<DescribeResponse> ask(String address) {
        return NodeServiceGrpc.newFutureStub(channels.to(address))
                .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .describe(DescribeRequest.getDefaultInstance());
    }

    private static Optional<DescribeResponse> answer(ListenableFuture<DescribeResponse> call) {
        try {
            return Optional.of(call.get());
        } catch (ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
