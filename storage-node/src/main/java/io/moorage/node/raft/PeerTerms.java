package io.moorage.node.raft;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.moorage.node.peer.PeerChannels;
import io.moorage.protocol.v1.CurrentTermRequest;
import io.moorage.protocol.v1.CurrentTermResponse;
import io.moorage.protocol.v1.ReplicaServiceGrpc;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.protocol.RaftPeer;

/**
 * Asks other members what term they are in, for at most {@value #TIMEOUT_MS} ms; who leaves {@value #MAX_UNANSWERED} questions
 * unanswered is asked no more until then. Thread-safe.
 */
class PeerTerms {
    private static final int TIMEOUT_MS = 1000;

    private static final int MAX_UNANSWERED = 16;

    private final PeerChannels channels;
    private final Map<String, AtomicInteger> unanswered = new ConcurrentHashMap<>();

    PeerTerms(PeerChannels channels) {
        this.channels = channels;
    }

    /** Its term at some moment after the call; empty: it did not say. Never fails. Completes on a thread that must not wait. */
    CompletableFuture<OptionalLong> ask(RaftPeer member, ByteString group) {
        CompletableFuture<OptionalLong> answer = new CompletableFuture<>();
        String address = Optional.ofNullable(member.getClientAddress()).orElse("");
        if (address.isEmpty()) {
            answer.complete(OptionalLong.empty());
            return answer;
        }
        AtomicInteger open = unanswered.computeIfAbsent(address, other -> new AtomicInteger());
        if (open.get() >= MAX_UNANSWERED) {
            answer.complete(OptionalLong.empty());
            return answer;
        }
        open.incrementAndGet();
        Futures.addCallback(
                ReplicaServiceGrpc.newFutureStub(channels.to(address))
                        .withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .withExecutor(MoreExecutors.directExecutor())
                        .currentTerm(CurrentTermRequest.newBuilder()
                                .setGroupId(group)
                                .build()),
                new FutureCallback<CurrentTermResponse>() {
                    @Override
                    public void onSuccess(CurrentTermResponse said) {
                        open.decrementAndGet();
                        boolean itself = said.getNodeId().equals(member.getId().toString());
                        answer.complete(itself ? OptionalLong.of(said.getTerm()) : OptionalLong.empty());
                    }

                    @Override
                    public void onFailure(Throwable cause) {
                        open.decrementAndGet();
                        answer.complete(OptionalLong.empty());
                    }
                },
                MoreExecutors.directExecutor());
        return answer;
    }
}
