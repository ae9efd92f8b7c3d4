package io.moorage.node.raft;

import io.moorage.node.identity.DurableFiles;
import io.moorage.node.identity.StorageDirectory;
import io.moorage.protocol.v1.Member;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.RaftPeer;

/**
 * Log and state of groups that went on as others, on the disk, while nobody has them open. Each step can be repeated: what a
 * crash interrupted is finished at the next start, and the log goes last.
 */
final class RecoveryFiles {
    private static final String CONFIGURATION = "raft-meta.conf";

    private final StorageDirectory directory;
    private final Successions successions;

    RecoveryFiles(StorageDirectory directory, Successions successions) {
        this.directory = directory;
        this.successions = successions;
    }

    /** Finishes what was begun before a crash. @param self this node as a member */
    void finish(Member self) throws IOException {
        for (Successions.Succession succession : successions.all()) {
            move(succession, self);
        }
    }

    /** Moves what a group had to where it is from now on; nothing if that was done. */
    void move(Successions.Succession succession, Member self) throws IOException {
        UUID group = succession.group();
        Path log = log(group);
        if (!Files.isDirectory(log)) {
            return;
        }
        Files.deleteIfExists(directory.raft().resolve(group + LogInspection.END));
        Path stateTo;
        Path logTo;
        if (succession.here()) {
            makeOnlyMember(log, succession.configurationIndex(), self);
            stateTo = directory.group(succession.successor());
            logTo = log(succession.successor());
        } else {
            Path aside = Files.createDirectories(directory.superseded(group));
            stateTo = aside.resolve("state");
            logTo = aside.resolve("log");
        }
        if (Files.isDirectory(directory.group(group))) {
            DurableFiles.move(directory.group(group), stateTo);
        }
        DurableFiles.move(log, logTo);
    }

    private Path log(UUID group) {
        return directory.raft().resolve(group.toString());
    }

    /**
     * Ratis takes the members from the last configuration by index, of this file and of the log: an index behind the log makes
     * this one count. When the member leads, it appends a configuration of its own there.
     */
    private static void makeOnlyMember(Path log, long index, Member self) throws IOException {
        RaftProtos.LogEntryProto entry = RaftProtos.LogEntryProto.newBuilder()
                .setIndex(index)
                .setConfigurationEntry(RaftProtos.RaftConfigurationProto.newBuilder()
                        .addPeers(RaftMembers.peer(self).getRaftPeerProto()))
                .build();
        DurableFiles.write(log.resolve("current").resolve(CONFIGURATION), entry.toByteArray());
    }

    /** Members of a group by its last configuration that was committed here; none if there is no such. */
    static List<Member> members(Path log) throws IOException {
        Path file = log.resolve("current").resolve(CONFIGURATION);
        List<Member> members = new ArrayList<>();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                RaftProtos.LogEntryProto.parseFrom(in)
                        .getConfigurationEntry()
                        .getPeersList()
                        .forEach(peer -> members.add(member(peer)));
            }
        }
        return members;
    }

    private static Member member(RaftProtos.RaftPeerProto peer) {
        return RaftMembers.member(RaftPeer.newBuilder()
                .setId(peer.getId())
                .setAddress(peer.getAddress())
                .setClientAddress(peer.getClientAddress())
                .setPriority(peer.getPriority())
                .build());
    }
}
