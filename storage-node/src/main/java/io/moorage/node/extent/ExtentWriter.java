package io.moorage.node.extent;

import io.moorage.protocol.JoinedCrc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/**
 * One extent being written. Data comes in order, in multiples of 64 KiB except at the end. For one thread; ends with
 * {@link #finish} or {@link #abort}.
 */
public final class ExtentWriter {
    private final ExtentStore store;
    private final ExtentFile file;
    private final ExtentKey key;
    private final long offset;
    private final int capacity;
    private final long createdMs;
    private final int[] blockCrcs;
    private final JoinedCrc32c whole = new JoinedCrc32c();
    private int length;
    private boolean ended;

    ExtentWriter(ExtentStore store, ExtentFile file, ExtentKey key, long offset, int capacity, long createdMs) {
        this.store = store;
        this.file = file;
        this.key = key;
        this.offset = offset;
        this.capacity = capacity;
        this.createdMs = createdMs;
        this.blockCrcs = new int[ExtentFormat.blocks(capacity)];
    }

    public ExtentKey key() {
        return key;
    }

    /**
     * @param expectedCrcs CRC32C of each 64 KiB block of the data, in order
     * @throws ExtentException INVALID if a checksum or the length does not fit, DISK_FULL, FAILED; the extent is aborted
     */
    public void write(ByteBuffer data, int[] expectedCrcs) throws ExtentException {
        try {
            checkShape(data, expectedCrcs);
            int bytes = data.remaining();
            int block = length / ExtentFormat.BLOCK_BYTES;
            for (int i = 0; i < expectedCrcs.length; i++) {
                int from = data.position() + i * ExtentFormat.BLOCK_BYTES;
                ByteBuffer slice = data.duplicate();
                slice.limit(Math.min(data.limit(), from + ExtentFormat.BLOCK_BYTES))
                        .position(from);
                CRC32C crc = new CRC32C();
                crc.update(slice);
                if ((int) crc.getValue() != expectedCrcs[i]) {
                    throw invalid("block " + (block + i) + " arrived with another checksum than it was sent with");
                }
                blockCrcs[block + i] = expectedCrcs[i];
                whole.append(expectedCrcs[i], slice.limit() - from);
            }
            file.writeFully(data, offset + ExtentFormat.HEADER_BYTES + length);
            length += bytes;
        } catch (ExtentException e) {
            abort();
            throw e;
        } catch (IOException e) {
            abort();
            throw store.writeFailed(e);
        }
    }

    /**
     * Completes when the extent is durable and can be read. Fails with {@link ExtentException}; the extent is then aborted.
     *
     * @param expectedCrc CRC32C of all data
     */
    public CompletableFuture<Void> finish(int expectedLength, int expectedCrc) {
        if (expectedLength != length || expectedCrc != whole.value() || length == 0) {
            abort();
            return CompletableFuture.failedFuture(invalid("it has " + length + " bytes and checksum "
                    + Integer.toHexString(whole.value()) + "; " + expectedLength + " bytes and "
                    + Integer.toHexString(expectedCrc) + " were promised"));
        }
        try {
            file.writeFully(
                    ExtentFormat.trailer(capacity, blockCrcs, length, expectedCrc),
                    offset + ExtentFormat.HEADER_BYTES + capacity);
        } catch (IOException e) {
            abort();
            return CompletableFuture.failedFuture(store.writeFailed(e));
        }
        ended = true;
        return file.sync().handle((done, failure) -> {
            try {
                if (failure != null) {
                    throw new java.util.concurrent.CompletionException(store.syncFailed(failure));
                }
                store.completed(
                        key, new ExtentLocation(file.number(), offset, capacity, length, expectedCrc, createdMs));
                return null;
            } catch (IOException e) {
                throw new java.util.concurrent.CompletionException(store.syncFailed(e));
            } finally {
                store.ended(file, key, failure != null ? ExtentFormat.recordBytes(capacity) : 0);
            }
        });
    }

    /** Gives it up: nothing of it can be read, its space is reclaimed later. Harmless after the end. */
    public void abort() {
        if (!ended) {
            ended = true;
            store.ended(file, key, ExtentFormat.recordBytes(capacity));
        }
    }

    private void checkShape(ByteBuffer data, int[] expectedCrcs) throws ExtentException {
        if (ended) {
            throw invalid("it has ended already");
        }
        if (length % ExtentFormat.BLOCK_BYTES != 0) {
            throw invalid("data follows a block that was not full");
        }
        if (data.remaining() == 0 || data.remaining() > capacity - length) {
            throw invalid(data.remaining() + " more bytes do not fit its capacity of " + capacity);
        }
        if (expectedCrcs.length != ExtentFormat.blocks(data.remaining())) {
            throw invalid(expectedCrcs.length + " checksums came with " + data.remaining() + " bytes");
        }
    }

    private ExtentException invalid(String why) {
        return new ExtentException(ExtentException.Reason.INVALID, "extent " + key + ": " + why, null);
    }
}
