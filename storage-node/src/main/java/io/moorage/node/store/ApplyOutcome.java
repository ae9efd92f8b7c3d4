package io.moorage.node.store;

import io.moorage.protocol.v1.Result;
import java.util.List;
import java.util.Set;

/**
 * What applying one log entry did. Immutable.
 *
 * @param results one per command, in order
 * @param referenced extents that are named by the state now and were not before
 * @param released extents that nothing names any more
 * @param droppedVolumes ids of volumes that were deleted, with all their extents
 * @param changedVolumes ids of volumes whose change feed got longer
 * @param divergence null, or how this replica's state differs from the leader's: it must stop
 */
public record ApplyOutcome(
        List<Result> results,
        List<ExtentRef> referenced,
        List<ExtentRef> released,
        List<Long> droppedVolumes,
        Set<Long> changedVolumes,
        String divergence) {}
