package io.moorage.client.membership;

import java.time.Duration;
import java.util.Set;

/**
 * @param replicas how many members a group should have
 * @param replaceAfter a node that is silent for this long has its replicas rebuilt elsewhere
 * @param cordoned names of nodes that get no new replicas
 * @param draining names of nodes whose replicas are to go elsewhere
 */
public record MembershipPolicy(int replicas, Duration replaceAfter, Set<String> cordoned, Set<String> draining) {}
