package io.moorage.node.extent;

import io.moorage.protocol.JoinedCrc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
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
    /** The last bytes, which did not fill a page yet. */
    private byte[] tail = new byte[0];

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
     * @param data its bytes, in order; 1 MiB at the most
     * @param expectedCrcs CRC32C of each 64 KiB block of the data, in order
     * @throws ExtentException INVALID if a checksum or the length does not fit, DISK_FULL, FAILED; the extent is aborted
     */
    public void write(List<ByteBuffer> data, int[] expectedCrcs) throws ExtentException {
        try {
            StagedPages staged = stage(data, expectedCrcs);
            tail = staged.writeWholePages(file);
        } catch (ExtentException e) {
            abort();
            throw e;
        } catch (IOException e) {
            abort();
            throw store.writeFailed(e);
        }
    }

    /** Writes data that was verified where it comes from. @throws ExtentException as the other one does */
    public void write(ByteBuffer data) throws ExtentException {
        write(List.of(data), ExtentFormat.blockCrcs(data));
    }

    /**
     * Completes when the extent is durable and can be read. Fails with {@link ExtentException}; the extent is then aborted.
     *
     * @param expectedCrc CRC32C of all data
     */
    public CompletableFuture<Void> finish(int expectedLength, int expectedCrc) {
        return finish(List.of(), new int[0], expectedLength, expectedCrc);
    }

    /** Writes the last of the data and finishes, with fewer writes to the disk than the two calls make. */
    public CompletableFuture<Void> finish(
            List<ByteBuffer> data, int[] expectedCrcs, int expectedLength, int expectedCrc) {
        try {
            StagedPages staged = data.isEmpty() ? staged() : stage(data, expectedCrcs);
            if (expectedLength != length || expectedCrc != whole.value() || length == 0) {
                throw invalid("it has " + length + " bytes and checksum "
                        + Integer.toHexString(whole.value()) + "; " + expectedLength + " bytes and "
                        + Integer.toHexString(expectedCrc) + " were promised");
            }
            staged.writeWith(
                    ExtentFormat.trailer(capacity, blockCrcs, length, expectedCrc),
                    offset + ExtentFormat.trailerOffset(capacity),
                    file);
        } catch (ExtentException e) {
            abort();
            return CompletableFuture.failedFuture(e);
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

    /** What was left of the last pages. */
    private StagedPages staged() {
        return StagedPages.of(offset + ExtentFormat.DATA_OFFSET + length - tail.length, tail);
    }

    /** The data behind what was left of the last pages, verified. */
    private StagedPages stage(List<ByteBuffer> data, int[] expectedCrcs) throws ExtentException {
        int bytes = data.stream().mapToInt(ByteBuffer::remaining).sum();
        checkShape(bytes, expectedCrcs);
        StagedPages staged = staged();
        ByteBuffer arrived = staged.append(data);
        int block = length / ExtentFormat.BLOCK_BYTES;
        for (int i = 0; i < expectedCrcs.length; i++) {
            int from = i * ExtentFormat.BLOCK_BYTES;
            int size = Math.min(ExtentFormat.BLOCK_BYTES, bytes - from);
            CRC32C crc = new CRC32C();
            crc.update(arrived.slice(from, size));
            if ((int) crc.getValue() != expectedCrcs[i]) {
                throw invalid("block " + (block + i) + " arrived with another checksum than it was sent with");
            }
            blockCrcs[block + i] = expectedCrcs[i];
            whole.append(expectedCrcs[i], size);
        }
        length += bytes;
        return staged;
    }

    private void checkShape(int bytes, int[] expectedCrcs) throws ExtentException {
        if (ended) {
            throw invalid("it has ended already");
        }
        if (length % ExtentFormat.BLOCK_BYTES != 0) {
            throw invalid("data follows a block that was not full");
        }
        if (bytes == 0 || bytes > capacity - length) {
            throw invalid(bytes + " more bytes do not fit its capacity of " + capacity);
        }
        if (bytes > StagedPages.MAX_BYTES) {
            throw invalid(bytes + " bytes are more than the " + StagedPages.MAX_BYTES + " that may come at once");
        }
        if (expectedCrcs.length != ExtentFormat.blocks(bytes)) {
            throw invalid(expectedCrcs.length + " checksums came with " + bytes + " bytes");
        }
    }

    private ExtentException invalid(String why) {
        return new ExtentException(ExtentException.Reason.INVALID, "extent " + key + ": " + why, null);
    }
}
