package io.moorage.node.raft;

import io.moorage.node.replica.Directories;
import io.moorage.protocol.v1.ReplicaState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups that this node is a member of and takes no part in, so that to the others it is as if it were down: withdrawn ones,
 * which keep their data and may come back, and those whose log is damaged, which have to be made anew. Thread-safe.
 */
public final class Absences {
    private static final Logger LOG = LoggerFactory.getLogger(Absences.class);

    /**
     * @param state FAILED (withdrawn) or DAMAGED
     * @param why for whoever looks
     */
    public record Absence(ReplicaState state, String why) {}

    private final RaftRequests requests;
    private final Map<UUID, GroupStateMachine> present;
    private final LogInspection inspection;
    private final Map<UUID, Withdrawn> withdrawn = new ConcurrentHashMap<>();
    private final Map<UUID, String> damaged;

    /** @param present the groups that this node takes part in; changed by this object and by its owner */
    Absences(
            RaftRequests requests,
            Map<UUID, GroupStateMachine> present,
            LogInspection inspection,
            Map<UUID, String> damaged) {
        this.requests = requests;
        this.present = present;
        this.inspection = inspection;
        this.damaged = new ConcurrentHashMap<>(damaged);
    }

    public Map<UUID, Absence> all() {
        Map<UUID, Absence> all = new HashMap<>();
        damaged.forEach((group, why) -> all.put(group, new Absence(ReplicaState.REPLICA_STATE_DAMAGED, why)));
        withdrawn.forEach((group, each) -> all.put(group, new Absence(ReplicaState.REPLICA_STATE_FAILED, each.why())));
        return all;
    }

    boolean isWithdrawn(UUID group) {
        return withdrawn.containsKey(group);
    }

    boolean isAbsent(UUID group) {
        return withdrawn.containsKey(group) || damaged.containsKey(group);
    }

    /**
     * Deletes what is left of a replica that takes no part. A crash on the way leaves one that counts as damaged.
     *
     * @param state the directory of its state and extents
     */
    synchronized void drop(UUID group, Path state) throws IOException {
        if (!isAbsent(group)) {
            return;
        }
        Path aside = inspection.setAside(group);
        Directories.delete(state);
        Directories.delete(aside);
        damaged.remove(group);
        withdrawn.remove(group);
        LOG.info("removed what was left of a replica of group {}", group);
    }

    /** A damaged one has a new, empty replica now: what was set aside is of no use any more. */
    synchronized void madeAnew(UUID group) throws IOException {
        if (damaged.remove(group) != null) {
            Directories.delete(inspection.aside(group));
        }
    }

    /**
     * Stops a replica, and keeps what it has: so that a leader whose log cannot be written does not go on to lead, and one
     * whose disk is full stops before a write fails half way.
     *
     * @param forSpace {@link #comeBack} may try again; otherwise it is back when the node is restarted
     */
    public synchronized void withdraw(UUID group, String why, boolean forSpace) throws IOException {
        GroupStateMachine machine = present.get(group);
        if (machine == null) {
            return;
        }
        LOG.error("this node takes no part in group {} any more: {}", group, why);
        withdrawn.put(group, Withdrawn.because(why, forSpace));
        present.remove(group);
        try {
            requests.removeGroup(group, false);
        } finally {
            // Ratis does not, when it stopped by itself.
            machine.close();
        }
    }

    /** Stops a replica whose data is bad: it has to be made anew, as if the disk had been lost. */
    synchronized void damage(UUID group, String why) throws IOException {
        withdraw(group, why, false);
        damaged.put(group, "its data is bad, and its log was set aside in " + inspection.setAside(group) + ": " + why);
        withdrawn.remove(group);
    }

    /** Opens again what was withdrawn for want of space and is due. */
    public synchronized void comeBack() {
        withdrawn.forEach((group, reason) -> {
            if (!reason.isDue()) {
                return;
            }
            try {
                open(group);
            } catch (IOException | RuntimeException e) {
                LOG.warn("group {} cannot be opened yet: {}", group, e.toString());
                GroupStateMachine machine = present.remove(group);
                if (machine != null) {
                    machine.close();
                }
                withdrawn.put(group, reason.again("it could not be opened again: " + e.getMessage()));
            }
        });
    }

    /** What was withdrawn was moved away: there is nothing to come back to. */
    synchronized void movedAway(UUID group) {
        withdrawn.remove(group);
    }

    /** Takes part again with what is there. */
    synchronized void open(UUID group) throws IOException {
        // Without members: they are in the log.
        RaftClientReply reply = requests.addGroup(RaftGroup.valueOf(RaftGroupId.valueOf(group)), false);
        if (!reply.isSuccess()) {
            throw reply.getException();
        }
        withdrawn.remove(group);
        LOG.info("this node takes part in group {} again", group);
    }
}
