package io.moorage.node.identity;

/**
 * Who a storage node is: the name it was given plus an incarnation that it drew when its directory was first used. A node that
 * lost its disk comes back with the same name and another incarnation, and is a new member: a Raft peer that forgot what it
 * acknowledged would break Raft. Immutable.
 *
 * @param incarnation 8 lower-case hex digits
 */
public record NodeIdentity(String name, String incarnation) {

    /** The id used in Raft configurations: "name.incarnation". */
    public String id() {
        return name + "." + incarnation;
    }
}
