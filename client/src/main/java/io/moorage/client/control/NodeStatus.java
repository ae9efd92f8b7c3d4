package io.moorage.client.control;

import io.moorage.client.admin.NodeView;

/**
 * A storage node as the control plane sees it.
 *
 * @param maintenance none, cordoned, draining or drained
 */
public record NodeStatus(String name, boolean cordoned, String maintenance, NodeView view) {
    public NodeStatus(String name, boolean cordoned, NodeView view) {
        this(name, cordoned, cordoned ? "cordoned" : "none", view);
    }
}
