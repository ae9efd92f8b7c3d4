package io.moorage.client.transfer;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.Limits;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Brings the bytes of a body to where they are kept, and then commits the entry: short ones inside the command, longer ones as
 * extents first. The number of long ones at a time is bounded, and so is the memory for them. Thread-safe.
 */
public final class ContentWriter {
    private static final Duration STALL = Duration.ofSeconds(3);

    private final NodeChannels channels;
    private final GroupDirectory directory;
    private final Semaphore uploads;

    /** @param maxUploads long bodies under way at once; each takes about 2 MiB */
    public ContentWriter(NodeChannels channels, GroupDirectory directory, int maxUploads) {
        this.channels = channels;
        this.directory = directory;
        this.uploads = new Semaphore(maxUploads, true);
    }

    /**
     * @param length bytes promised, -1 = unknown
     * @param commit makes and submits the command once all bytes are durable; when it fails for certain, nothing is left
     */
    public <T> T write(
            VolumeRef volume, InputStream body, long length, CallOptions options, Function<Content, T> commit)
            throws IOException {
        BodyReader reader = new BodyReader(body, length);
        byte[] first = new byte
                [length >= 0 && length <= Limits.INLINE_MAX_BYTES ? (int) length + 1 : Limits.INLINE_MAX_BYTES + 1];
        int filled = reader.fill(first, 0);
        if (filled <= Limits.INLINE_MAX_BYTES) {
            return commit.apply(Content.newBuilder()
                    .setInline(ByteString.copyFrom(first, 0, filled))
                    .build());
        }
        acquire(options.deadline());
        try {
            return writeExtents(volume, reader, first, filled, options, commit);
        } finally {
            uploads.release();
        }
    }

    private <T> T writeExtents(
            VolumeRef volume,
            BodyReader reader,
            byte[] first,
            int filled,
            CallOptions options,
            Function<Content, T> commit)
            throws IOException {
        GroupDirectory.Route route = directory
                .route(volume.group())
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                        "no node that answers holds group " + volume.group() + " of volume '" + volume.name() + "'",
                        0,
                        false,
                        Duration.ofSeconds(2),
                        null));
        boolean all = options.consistency() == Consistency.CONSISTENCY_STRONG;
        try (ExtentUpload upload = new ExtentUpload(volume, route, channels, all, STALL, options.deadline())) {
            byte[] chunk = new byte[Limits.CHUNK_BYTES];
            System.arraycopy(first, 0, chunk, 0, filled);
            int inChunk = filled + reader.fill(chunk, filled);
            while (inChunk > 0) {
                upload.write(chunk, inChunk, reader.remaining());
                inChunk = inChunk < chunk.length ? 0 : reader.fill(chunk, 0);
            }
            Content content =
                    Content.newBuilder().setStored(upload.finishAndAwait()).build();
            try {
                T result = commit.apply(content);
                upload.committed();
                return result;
            } catch (MoorageException e) {
                if (e.mayHaveTakenEffect()) {
                    upload.committed();
                }
                throw e;
            }
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_UNAVAILABLE) {
                directory.refresh();
            }
            throw e;
        }
    }

    private void acquire(Duration deadline) {
        try {
            if (uploads.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new MoorageException(
                ErrorCode.ERROR_CODE_SLOW_DOWN,
                "too many uploads are under way; try again in a moment",
                0,
                false,
                Duration.ofSeconds(1),
                null);
    }
}
