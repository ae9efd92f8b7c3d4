package io.moorage.api.s3.body;

import io.moorage.api.s3.errors.S3Exception;

/** Verifies the signatures of chunks, each of which covers the one before. Not thread-safe. */
public interface ChunkVerifier {
    /** More data of the chunk that is being read. */
    void update(byte[] bytes, int offset, int length);

    /** The chunk is complete. @throws S3Exception SignatureDoesNotMatch */
    void endOfChunk(String signature);

    /**
     * After the last chunk.
     *
     * @param trailers "name:value\n" each, names in lower case
     * @throws S3Exception SignatureDoesNotMatch
     */
    void trailers(String trailers, String signature);
}
