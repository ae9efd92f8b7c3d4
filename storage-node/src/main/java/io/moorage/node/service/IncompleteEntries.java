package io.moorage.node.service;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.replica.Replica;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ListIncompleteResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Finds entries of a volume that one replica does not have all bytes of, in a bounded part of it. For one call. */
final class IncompleteEntries {
    /** Entries that one call looks at. */
    private static final int MAX_ENTRIES = 10_000;
    /** Of an answer; the last entry may go beyond it. */
    private static final long MAX_BYTES = 1 << 20;

    private final Replica replica;
    private final long volume;
    private final ListIncompleteResponse.Builder found = ListIncompleteResponse.newBuilder();
    private int entries;
    private long bytes;

    IncompleteEntries(Replica replica, long volume) {
        this.replica = replica;
        this.volume = volume;
    }

    /**
     * @param deadlineNanos until when to wait for the replica's state
     * @throws io.moorage.node.store.Refusal VOLUME_NOT_FOUND, INVALID_ARGUMENT
     */
    ListIncompleteResponse after(String startAfter, long deadlineNanos) throws IOException {
        try (Replica.Reading reading = replica.read(0, deadlineNanos)) {
            return found.setNext(reading.view().forEachEntry(volume, startAfter, this::look))
                    .build();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean look(Entry entry) {
        Entry.Builder incomplete = Entry.newBuilder();
        for (Extent extent : entry.getExtentsList()) {
            if (!extent.getInline() && lacks(extent)) {
                incomplete.addExtents(extent);
            }
        }
        if (incomplete.getExtentsCount() > 0) {
            Entry built = incomplete
                    .setKey(entry.getKey())
                    .setVersion(entry.getVersion())
                    .setSize(entry.getSize())
                    .build();
            found.addEntries(built);
            bytes += built.getSerializedSize();
        }
        return ++entries < MAX_ENTRIES && bytes < MAX_BYTES;
    }

    private boolean lacks(Extent extent) {
        try {
            return replica.lacks(new ExtentKey(volume, extent.getIdHigh(), extent.getIdLow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
