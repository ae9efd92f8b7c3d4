package io.moorage.node.raft;

import com.google.protobuf.ByteString;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.store.StoreView;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.SucceedGroup;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with a group that lost its majority for good: all that this node's log holds becomes the state of a new group, of which
 * this node is the only member. The new group has another id, so that no message of the old one's other members, should they
 * return, can reach it, and no client that knows the new one ever asks them (as etcd's snapshot restore makes a new cluster id).
 * Thread-safe.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final RaftHost host;
    private final PeerQuestions questions;
    private final Supersession supersession;
    private final Successions successions;
    private final RecoveryFiles files;
    private final Absences absences;
    private final Function<UUID, ByteString> wireId;

    Recovery(
            RaftHost host,
            PeerQuestions questions,
            Supersession supersession,
            Successions successions,
            RecoveryFiles files,
            Absences absences,
            Function<UUID, ByteString> wireId) {
        this.host = host;
        this.questions = questions;
        this.supersession = supersession;
        this.successions = successions;
        this.files = files;
        this.absences = absences;
        this.wireId = wireId;
    }

    /**
     * @param excluded ids of all other members
     * @return the id of the new group; the same if it was done before
     * @throws NodeErrors.CallException UNSAFE: a majority is there, or another member has more, or the members are others
     */
    public UUID recover(UUID group, Collection<String> excluded) throws IOException {
        synchronized (host.changes()) {
            UUID successor = Successions.successorOf(group, host.nodeId());
            Optional<Successions.Succession> before = successions.of(group);
            if (before.isPresent()) {
                if (!before.get().here()) {
                    throw unsafe(
                            group, "it goes on as group " + before.get().successor() + ", without this node's replica");
                }
                begin(before.get());
                return successor;
            }
            RaftServer.Division division = host.division(group);
            Replica replica = host.replica(group);
            requireUsable(group, division, replica);
            requireMinority(group, division.getRaftConf(), excluded);
            long index = Math.max(
                    division.getRaftLog().getNextIndex(),
                    replica.store().position().index() + 1);
            LOG.warn("group {} goes on as group {}, and this node is its only member", group, successor);
            absences.withdraw(group, "it is made group " + successor, false);
            Successions.Succession succession = new Successions.Succession(group, successor, index);
            try {
                successions.record(succession);
            } catch (IOException e) {
                absences.open(group);
                throw e;
            }
            begin(succession);
            return successor;
        }
    }

    private void begin(Successions.Succession succession) throws IOException {
        files.move(succession, host.self());
        absences.movedAway(succession.group());
        if (!host.hosts(succession.successor())) {
            absences.open(succession.successor());
        }
    }

    private static void requireUsable(UUID group, RaftServer.Division division, Replica replica) {
        if (!replica.failure().isEmpty() || !division.getInfo().isAlive()) {
            throw unsafe(group, "this node's replica has stopped: " + replica.failure() + "; restart the node first");
        }
        if (replica.store().position().index() < 0) {
            throw unsafe(group, "this node's replica has nothing of it");
        }
    }

    private void requireMinority(UUID group, RaftConfiguration configuration, Collection<String> excluded) {
        Map<String, Member> members = new TreeMap<>();
        configuration.getAllPeers().forEach(peer -> members.put(peer.getId().toString(), RaftMembers.member(peer)));
        if (!members.containsKey(host.nodeId())) {
            throw unsafe(group, "this node is not a member: its members are " + members.keySet());
        }
        Set<String> others = new TreeSet<>(members.keySet());
        others.remove(host.nodeId());
        if (!others.equals(new TreeSet<>(excluded))) {
            throw unsafe(group, "its other members are " + others + ", not " + excluded + "; look again");
        }
        List<String> addresses =
                others.stream().map(id -> members.get(id).getServiceAddress()).toList();
        supersession.successors(Map.of(group, addresses)).values().forEach(successor -> {
            throw unsafe(group, "it goes on as group " + successor + ", from another member's replica");
        });
        Map<String, ReplicaInfo> answers = questions.members(
                wireId.apply(group), others.stream().map(members::get).toList());
        boolean canDecide = isMajority(configuration.getCurrentPeers(), answers.keySet())
                && (configuration.getPreviousPeers().isEmpty()
                        || isMajority(configuration.getPreviousPeers(), answers.keySet()));
        if (canDecide) {
            throw unsafe(
                    group,
                    "a majority of its members answers: this node and " + answers.keySet()
                            + "; they will elect a leader, and nothing has to be given up");
        }
        ReplicaInfo own = host.describe(group).info();
        answers.forEach((member, said) -> {
            if (said.getRole() == Role.ROLE_LEADER) {
                throw unsafe(group, member + " leads it; nothing has to be given up");
            }
            if (LOG_LENGTH.compare(said, own) > 0) {
                throw unsafe(group, member + " has a longer log than this node; recover it there");
            }
        });
    }

    private static final Comparator<ReplicaInfo> LOG_LENGTH =
            Comparator.comparingLong(ReplicaInfo::getLastLogTerm).thenComparingLong(ReplicaInfo::getLastLogIndex);

    private boolean isMajority(Collection<RaftPeer> members, Set<String> answering) {
        long there = members.stream()
                .map(peer -> peer.getId().toString())
                .filter(id -> id.equals(host.nodeId()) || answering.contains(id))
                .count();
        return there > members.size() / 2;
    }

    /** Has a group that this node leads remember, on all its replicas, whom it succeeded. */
    public void tell(UUID group) {
        Set<UUID> untold = successions.predecessors(group);
        if (untold.isEmpty()) {
            return;
        }
        try (Replica.Reading reading = host.replica(group).readNow()) {
            StoreView view = reading.view();
            view.predecessors().forEach(told -> untold.remove(Successions.group(told)));
        }
        untold.forEach(predecessor -> host.propose(
                group,
                Command.newBuilder()
                        .setSucceedGroup(SucceedGroup.newBuilder().setGroupId(Successions.bytes(predecessor)))
                        .build()));
    }

    private static NodeErrors.CallException unsafe(UUID group, String why) {
        return NodeErrors.refused(ErrorCode.ERROR_CODE_UNSAFE, "group " + group + " is not recovered: " + why);
    }
}
