package io.moorage.node.raft;

import com.google.protobuf.ByteString;
import io.moorage.node.replica.NodeErrors;
import io.moorage.protocol.v1.ErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;

/**
 * Linearizable reads without an entry in the log (ReadIndex: Ongaro, Consensus: Bridging Theory and Practice, §6.4). A leader takes
 * its commit index, then asks the other members what term they are in. If a majority, itself included, is still in its own, then no
 * leader of a later term had been elected when they were asked, hence nothing had been acknowledged that this leader does not have
 * committed: who was elected later had votes of a majority, and each of them was in that later term from its vote on. While the
 * members are changing it takes a majority of those before and of those after.
 *
 * <p>Ratis' own ReadIndex is not used: it answers without asking when it has asked at the same commit index before, and so a leader
 * that is cut off goes on answering.
 *
 * <p>One round is under way at a time; whoever comes meanwhile waits for the next one, which asks anew. That one begins behind the
 * reads of the one before: the more there is to do, the more share a round. Thread-safe.
 */
final class ReadIndex {
    private final RaftPeerId self;
    private final Supplier<RaftServer.Division> division;
    private final ByteString group;
    private final PeerTerms terms;
    private final Executor reads;
    private boolean underWay;
    /** Of those who came since the round that is under way began; null: nobody did. */
    private CompletableFuture<Long> next;

    /**
     * @param group its id as it goes over the wire
     * @param reads carries out, in order, what waits for this
     */
    ReadIndex(
            RaftPeerId self,
            Supplier<RaftServer.Division> division,
            ByteString group,
            PeerTerms terms,
            Executor reads) {
        this.self = self;
        this.division = division;
        this.group = group;
        this.terms = terms;
        this.reads = reads;
    }

    /** See {@link RaftHost#readIndex}. Fails with UNAVAILABLE. */
    CompletableFuture<Long> get() {
        CompletableFuture<Long> mine;
        synchronized (this) {
            if (underWay) {
                next = next == null ? new CompletableFuture<>() : next;
                return next;
            }
            underWay = true;
            mine = new CompletableFuture<>();
        }
        begin(mine);
        return mine;
    }

    private void begin(CompletableFuture<Long> asked) {
        CompletableFuture<Long> round;
        try {
            round = round();
        } catch (RuntimeException e) {
            round = CompletableFuture.failedFuture(e);
        }
        round.whenComplete((index, failure) -> {
            if (failure == null) {
                asked.complete(index);
            } else {
                asked.completeExceptionally(failure);
            }
            beginNext();
        });
    }

    private void beginNext() {
        synchronized (this) {
            underWay = next != null;
            if (!underWay) {
                return;
            }
        }
        try {
            reads.execute(this::begin);
        } catch (RejectedExecutionException e) {
            begin();
        }
    }

    private void begin() {
        CompletableFuture<Long> waiting;
        synchronized (this) {
            waiting = next;
            next = null;
        }
        begin(waiting);
    }

    private CompletableFuture<Long> round() {
        RaftServer.Division here = division.get();
        DivisionInfo info = here.getInfo();
        long term = info.getCurrentTerm();
        // Ready: an entry of its own term is committed, and with it everything of earlier ones.
        if (!info.isLeader() || !info.isLeaderReady()) {
            return CompletableFuture.failedFuture(unconfirmed("this node does not lead, or only just began to"));
        }
        long index = here.getRaftLog().getLastCommittedIndex();
        RaftConfiguration members = here.getRaftConf();
        Round round = new Round(index, ids(members.getCurrentPeers()), ids(members.getPreviousPeers()));
        if (info.getCurrentTerm() == term) {
            round.agrees(self);
        }
        Map<RaftPeerId, RaftPeer> others = new HashMap<>();
        members.getCurrentPeers().forEach(peer -> others.put(peer.getId(), peer));
        members.getPreviousPeers().forEach(peer -> others.put(peer.getId(), peer));
        others.remove(self);
        CompletableFuture<?>[] answers = others.values().stream()
                .map(peer -> terms.ask(peer, group).thenAccept(said -> {
                    if (said.isPresent() && said.getAsLong() == term) {
                        round.agrees(peer.getId());
                    }
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(answers)
                .thenRun(() -> round.confirmed.completeExceptionally(
                        unconfirmed("no majority of the members said in time that they are in its term " + term)));
        return round.confirmed;
    }

    private static Set<RaftPeerId> ids(Collection<RaftPeer> peers) {
        Set<RaftPeerId> ids = new HashSet<>();
        peers.forEach(peer -> ids.add(peer.getId()));
        return ids;
    }

    private static NodeErrors.CallException unconfirmed(String why) {
        return NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "the leadership is not confirmed: " + why);
    }

    /** Who is still in the leader's term. Thread-safe. */
    private static final class Round {
        private final long index;
        private final Set<RaftPeerId> members;
        private final Set<RaftPeerId> former;
        private final Set<RaftPeerId> agreeing = new HashSet<>();
        private final CompletableFuture<Long> confirmed = new CompletableFuture<>();

        /** @param former those before a change of members that is under way; empty: none is */
        private Round(long index, Set<RaftPeerId> members, Set<RaftPeerId> former) {
            this.index = index;
            this.members = members;
            this.former = former;
        }

        private void agrees(RaftPeerId member) {
            boolean enough;
            synchronized (this) {
                agreeing.add(member);
                enough = isMajorityOf(members) && (former.isEmpty() || isMajorityOf(former));
            }
            if (enough) {
                confirmed.complete(index);
            }
        }

        private boolean isMajorityOf(Set<RaftPeerId> those) {
            return those.stream().filter(agreeing::contains).count() > those.size() / 2;
        }
    }
}
