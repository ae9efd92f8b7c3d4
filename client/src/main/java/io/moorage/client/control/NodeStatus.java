package io.moorage.client.control;

import io.moorage.client.admin.NodeView;

/** A storage node as the control plane sees it. */
public record NodeStatus(String name, boolean cordoned, NodeView view) {}
