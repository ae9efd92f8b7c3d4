package io.moorage.node.raft;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.DescribeResponse;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps replicas of a group that was given up for lost from coming back as that group. Whoever returns with one asks the nodes
 * that it knows as members: if one of them has the group that goes on in its place, the returned replica is set aside, with all
 * it has, and takes no part any more. Asked before a node takes part in anything, and now and then.
 */
final class Supersession {
    private static final Logger LOG = LoggerFactory.getLogger(Supersession.class);

    private final PeerQuestions questions;
    private final Successions successions;
    private final RecoveryFiles files;

    Supersession(PeerQuestions questions, Successions successions, RecoveryFiles files) {
        this.questions = questions;
        this.successions = successions;
        this.files = files;
    }

    /**
     * Before the logs are opened.
     *
     * @param logs holds a directory for each group
     */
    void beforeStart(Path logs, Member self) throws IOException {
        Map<UUID, Collection<String>> peers = new HashMap<>();
        try (var directories = Files.list(logs)) {
            for (Path log : directories.toList()) {
                String name = log.getFileName().toString();
                if (Files.isDirectory(log.resolve("current")) && !name.contains(".")) {
                    peers.put(
                            UUID.fromString(name),
                            RecoveryFiles.members(log).stream()
                                    .filter(member -> !member.getNodeId().equals(self.getNodeId()))
                                    .map(Member::getServiceAddress)
                                    .toList());
                }
            }
        }
        for (Map.Entry<UUID, UUID> found : successors(peers).entrySet()) {
            setAside(found.getKey(), found.getValue(), self);
        }
    }

    /** @param peers groups that this node takes part in, and the addresses of their other members' services */
    void check(Map<UUID, Collection<String>> peers, Absences absences, Member self) throws IOException {
        for (Map.Entry<UUID, UUID> found : successors(peers).entrySet()) {
            absences.withdraw(found.getKey(), "it goes on as group " + found.getValue(), false);
            setAside(found.getKey(), found.getValue(), self);
            absences.movedAway(found.getKey());
        }
    }

    private void setAside(UUID group, UUID successor, Member self) throws IOException {
        LOG.error(
                "group {} lost its majority and goes on without this node as group {}: what this node has of it is set"
                        + " aside",
                group,
                successor);
        Successions.Succession succession = Successions.Succession.elsewhere(group, successor);
        successions.record(succession);
        files.move(succession, self);
    }

    /** Which of these groups are over, and what they are called now, as far as anybody at these addresses says. */
    Map<UUID, UUID> successors(Map<UUID, Collection<String>> peers) {
        List<String> addresses = peers.values().stream()
                .flatMap(Collection::stream)
                .filter(address -> !address.isEmpty())
                .toList();
        Map<UUID, UUID> successors = new HashMap<>();
        for (DescribeResponse said : questions.nodes(addresses)) {
            for (ReplicaInfo replica : said.getReplicasList()) {
                for (ByteString predecessor : replica.getPredecessorsList()) {
                    UUID group = Successions.group(predecessor);
                    if (peers.containsKey(group)) {
                        successors.put(group, Successions.group(replica.getGroupId()));
                    }
                }
            }
        }
        return successors;
    }
}
