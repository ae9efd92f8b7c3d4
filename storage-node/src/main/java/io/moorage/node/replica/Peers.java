package io.moorage.node.replica;

import java.util.List;

/** Where the other members of a group can be reached. */
public interface Peers {
    /** host:port of the services of the group's other members, the leader first if it is known. */
    List<String> addresses();
}
