package io.moorage.client.kv;

import io.moorage.protocol.v1.Change;
import java.time.Duration;
import java.util.List;

/**
 * Follows the changes of a volume without gaps and without repeating any, whichever replica answers. To go on after a restart,
 * keep {@link #position} and start there. Not thread-safe.
 */
public final class Watch {
    private final Kv kv;
    private ChangeQuery query;

    Watch(Kv kv, ChangeQuery query) {
        this.kv = kv;
        this.query = query;
    }

    /** Behind the last change that was handed out, or further if nothing there matches. Empty before the first call, for one
     * that starts at the oldest change. */
    public java.util.Optional<Position> position() {
        return query.after();
    }

    /**
     * The next changes, or none if there is none within the wait.
     *
     * @throws io.moorage.client.MoorageException COMPACTED if it fell behind what is kept; UNAVAILABLE if no replica answers: it
     *     may be called again, and goes on where it was
     */
    public List<Change> next(Duration wait) {
        ChangeSet set = kv.changes(query, wait);
        query = query.from(set.next());
        return set.changes();
    }
}
