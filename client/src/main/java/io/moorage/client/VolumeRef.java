package io.moorage.client;

import io.moorage.protocol.v1.Consistency;

/**
 * Where a volume is: all that the data path needs to know of it. Immutable.
 *
 * @param name the volume's name, unique in the cluster
 * @param group its home group
 * @param id its id within the home group
 * @param consistency what calls get that do not ask; never UNSPECIFIED
 */
public record VolumeRef(String name, GroupId group, long id, Consistency consistency) {
    /** Name of the volume in which a cluster keeps what is its own; in the first of its groups. */
    public static final String SYSTEM = "system";
}
