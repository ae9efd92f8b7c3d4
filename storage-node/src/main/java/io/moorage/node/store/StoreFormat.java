package io.moorage.node.store;

import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueStore;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What applying a log entry writes has a number. Replicas of a group whose builds write different things would differ, and those that
 * are at different log entries cannot be brought from one format to another each for itself; so a store of another one is left alone.
 */
public final class StoreFormat {
    /** Stores of format 1 have no number. */
    private static final int PRESENT = 2;

    private StoreFormat() {}

    /** The store was written by a build with another format. Nothing was changed. */
    public static final class OtherFormatException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private OtherFormatException(int format) {
            super(
                    "the store has format " + format + ", and this build has format " + PRESENT
                            + ": run the build that wrote it; to change to this one, copy the volumes out with that one and in with this one");
        }
    }

    /** Marks an empty store; of another one checks that it is in the present format. */
    static void check(KeyValueStore store) {
        byte[] value = store.get(Family.META, Keys.FORMAT);
        if (value == null && store.get(Family.META, Keys.APPLIED) == null) {
            byte[] present = ByteBuffer.allocate(4).putInt(PRESENT).array();
            store.write(List.of(), List.of(new KeyValueStore.Mutation(Family.META, Keys.FORMAT, present)));
            return;
        }
        int format = value == null ? 1 : ByteBuffer.wrap(value).getInt();
        if (format != PRESENT) {
            throw new OtherFormatException(format);
        }
    }
}
