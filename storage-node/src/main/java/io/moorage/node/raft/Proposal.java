package io.moorage.node.raft;

import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Result;
import java.util.concurrent.CompletableFuture;

/**
 * A command on its way into the log.
 *
 * @param deadlineNanos by System.nanoTime(): one that still waits then is dropped
 */
record Proposal(Command command, int bytes, long deadlineNanos, CompletableFuture<Result> result) {}
