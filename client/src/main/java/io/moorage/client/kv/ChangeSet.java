package io.moorage.client.kv;

import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeFeed;
import java.util.List;

/**
 * Changes of a volume in their order.
 *
 * @param next ask from here next: it moves on even if nothing matched
 * @param more there may be more right away
 * @param feed how much is kept
 */
public record ChangeSet(List<Change> changes, Position next, boolean more, ChangeFeed feed) {}
