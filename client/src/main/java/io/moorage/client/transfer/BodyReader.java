package io.moorage.client.transfer;

import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.io.InputStream;

/** Reads a body in full chunks and holds it to the length that was promised. Not thread-safe. */
final class BodyReader {
    private final InputStream body;
    private final long promised;
    private long read;

    /** @param promised -1 = nothing was */
    BodyReader(InputStream body, long promised) {
        this.body = body;
        this.promised = promised;
    }

    /** Bytes read; less than the array holds only at the end. */
    int fill(byte[] chunk, int offset) throws IOException {
        int filled = body.readNBytes(chunk, offset, chunk.length - offset);
        read += filled;
        boolean atEnd = filled < chunk.length - offset;
        if (promised >= 0 && (read > promised || atEnd && read < promised)) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                    "length mismatch: " + promised + " bytes were promised, and " + (read > promised ? "more" : read)
                            + " came; nothing was stored");
        }
        return filled;
    }

    /** Bytes to come, -1 = not known. */
    long remaining() {
        return promised < 0 ? -1 : promised - read;
    }
}
