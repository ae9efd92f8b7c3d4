package io.moorage.node.store.kv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An ordered store with atomic batches. What is written is durable only once it is flushed: the Raft log is the log. One
 * writer at a time; views may be used by any thread.
 */
public interface KeyValueStore extends KeyValueReader, AutoCloseable {

    /** One change; value null = delete. */
    record Mutation(Family family, byte[] key, byte[] value) {}

    /** All keys of a family in [from, to). */
    record RangeDelete(Family family, byte[] from, byte[] to) {}

    /** A consistent state that later writes do not change. Close it. */
    interface View extends KeyValueReader, AutoCloseable {
        @Override
        void close();
    }

    View view();

    /** All or nothing; the range deletes take effect before the mutations. */
    void write(List<RangeDelete> deletes, List<Mutation> mutations);

    /** Makes everything written so far durable. */
    void flush();

    /** A copy of the present state in a new directory; hard links, no copying. */
    void checkpoint(Path directory) throws IOException;

    @Override
    void close();
}
