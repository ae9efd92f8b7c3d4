package io.moorage.node.raft;

import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Result;
import java.util.List;

/** Commands that go into one log entry, and (on the leader that proposed them) what came of them. */
final class ProposedBatch {
    private final List<Proposal> proposals;
    private final CommandBatch batch;
    /** Set before it is appended to the log: from then on it may be applied. */
    private volatile boolean started;

    private volatile List<Result> results;

    ProposedBatch(List<Proposal> proposals, CommandBatch batch) {
        this.proposals = proposals;
        this.batch = batch;
    }

    CommandBatch batch() {
        return batch;
    }

    boolean started() {
        return started;
    }

    void start() {
        started = true;
    }

    void applied(List<Result> resultsInOrder) {
        results = resultsInOrder;
    }

    void complete() {
        List<Result> done = results;
        for (int i = 0; i < proposals.size(); i++) {
            proposals.get(i).result().complete(done.get(i));
        }
    }

    boolean hasResults() {
        return results != null;
    }

    void fail(Throwable cause) {
        proposals.forEach(proposal -> proposal.result().completeExceptionally(cause));
    }
}
