package io.moorage.operator.status;

import io.moorage.protocol.v1.ReplicaInfo;

/** How replicas are called in a status. */
public final class Replicas {
    /** Fewer log entries than this are always on their way, and not worth a change of the status. */
    private static final long SETTLED = 1000;

    private Replicas() {}

    /** @param replica null if its node does not answer */
    public static String role(ReplicaInfo replica) {
        if (replica == null) {
            return "Unknown";
        }
        return switch (replica.getRole()) {
            case ROLE_LEADER -> "Leader";
            case ROLE_FOLLOWER -> "Follower";
            case ROLE_CANDIDATE -> "Candidate";
            case ROLE_LISTENER -> "Listener";
            default -> "Unknown";
        };
    }

    /** @param replica null if its node does not answer */
    public static String state(ReplicaInfo replica) {
        if (replica == null) {
            return "Unreachable";
        }
        return switch (replica.getState()) {
            case REPLICA_STATE_READY -> "Ready";
            case REPLICA_STATE_CATCHING_UP -> "CatchingUp";
            case REPLICA_STATE_JOINING -> "Joining";
            default -> "Failed";
        };
    }

    /** Log entries that a replica is behind; 0 for what is on its way anyway. */
    public static long lag(long commitIndex, long appliedIndex) {
        long lag = Math.max(0, commitIndex - appliedIndex);
        return lag < SETTLED ? 0 : lag;
    }
}
