package io.moorage.operator.cluster.groups;

import io.moorage.client.GroupId;

/**
 * A group that a storage cluster should have.
 *
 * @param replicas how many members it should have
 * @param dedicated it belongs to one volume
 */
public record Wanted(GroupId id, int replicas, boolean dedicated) {}
