package io.moorage.client.membership;

import io.moorage.client.GroupId;
import java.time.Duration;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * @param replicas how many members a group should have
 * @param replaceAfter a node that is silent for this long has its replicas rebuilt elsewhere
 * @param cordoned names of nodes that get no new replicas
 * @param draining names of nodes whose replicas are to go elsewhere
 */
public record MembershipPolicy(
        ToIntFunction<GroupId> replicas, Duration replaceAfter, Set<String> cordoned, Set<String> draining) {

    /** Whether a node of that name may get new replicas. */
    public boolean takesReplicas(String node) {
        return !cordoned.contains(node) && !draining.contains(node);
    }
}
