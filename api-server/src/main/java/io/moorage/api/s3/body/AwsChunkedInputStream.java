package io.moorage.api.s3.body;

import io.moorage.api.http.BulkInputStream;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes aws-chunked bodies (Amazon S3 API reference, "Transferring payload in multiple chunks"). Data is handed on as it comes,
 * while signatures are only known to hold at the end of their chunk: what was read counts for nothing until the end is reached
 * without an exception. Holds one small buffer, whatever the size of chunks. Not thread-safe.
 */
final class AwsChunkedInputStream extends BulkInputStream {
    private static final int BUFFER = 16 * 1024;
    /** Octets of a chunk's first line. */
    private static final int MAX_LINE = 4 * 1024;
    /** Octets of all trailers. */
    private static final int MAX_TRAILERS = 16 * 1024;

    private static final String SIGNATURE = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    private final InputStream in;
    private final long decodedLength;
    private final Optional<ChunkVerifier> verifier;
    private final boolean expectsTrailers;
    private final Set<String> declaredTrailers;
    private final Map<String, String> trailers = new LinkedHashMap<>();

    private long decoded;
    private long leftInChunk;
    private String signature;
    private boolean ended;

    /**
     * @param decodedLength x-amz-decoded-content-length
     * @param verifier if chunks are signed
     * @param declaredTrailers names in x-amz-trailer, in lower case: each must come
     */
    AwsChunkedInputStream(
            InputStream raw,
            long decodedLength,
            Optional<ChunkVerifier> verifier,
            boolean expectsTrailers,
            Set<String> declaredTrailers) {
        this.in = new BufferedInputStream(raw, BUFFER);
        this.decodedLength = decodedLength;
        this.verifier = verifier;
        this.expectsTrailers = expectsTrailers;
        this.declaredTrailers = declaredTrailers;
    }

    /** Names in lower case; complete once the end was reached. */
    Map<String, String> trailers() {
        return Collections.unmodifiableMap(trailers);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (leftInChunk == 0 && !ended) {
            beginChunk();
        }
        if (ended) {
            return -1;
        }
        int n = in.read(bytes, offset, (int) Math.min(length, leftInChunk));
        if (n < 0) {
            throw incomplete("the body ended within a chunk");
        }
        verifier.ifPresent(chunk -> chunk.update(bytes, offset, n));
        decoded += n;
        leftInChunk -= n;
        if (leftInChunk == 0) {
            expectEndOfLine();
            verifier.ifPresent(chunk -> chunk.endOfChunk(signature));
        }
        return n;
    }

    private void beginChunk() throws IOException {
        String line = line(MAX_LINE)
                .orElseThrow(() -> incomplete("the body ended before its last chunk, which has the length 0"));
        String[] parts = line.split(";", -1);
        leftInChunk = length(parts[0].trim());
        signature = "";
        for (int i = 1; i < parts.length; i++) {
            // Other extensions are allowed, and mean nothing here.
            String extension = parts[i].trim();
            if (extension.startsWith(SIGNATURE)) {
                signature = extension.substring(SIGNATURE.length());
            }
        }
        if (leftInChunk == 0) {
            end();
        }
    }

    private long length(String hex) {
        if (hex.isEmpty() || hex.length() > 16 || !hex.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The aws-chunked body has a chunk whose length is not a hexadecimal number.");
        }
        long length = Long.parseUnsignedLong(hex, 16);
        if (length < 0 || length > decodedLength - decoded) {
            throw incomplete("its chunks hold more than that");
        }
        return length;
    }

    private void end() throws IOException {
        verifier.ifPresent(chunk -> chunk.endOfChunk(signature));
        if (decoded != decodedLength) {
            throw incomplete("its chunks hold " + decoded);
        }
        readTrailers();
        ended = true;
    }

    /** Up to an empty line, or the end of the body: some clients leave the last line out. */
    private void readTrailers() throws IOException {
        StringBuilder canonical = new StringBuilder();
        String trailerSignature = "";
        int left = MAX_TRAILERS;
        for (Optional<String> line = line(left); line.isPresent() && !line.get().isEmpty(); line = line(left)) {
            left -= line.get().length();
            int colon = line.get().indexOf(':');
            if (colon <= 0 || !expectsTrailers) {
                throw new S3Exception(S3ErrorCode.MALFORMED_TRAILER);
            }
            String name = line.get().substring(0, colon).trim().toLowerCase(Locale.ROOT);
            String value = line.get().substring(colon + 1).trim();
            if (name.equals(TRAILER_SIGNATURE)) {
                trailerSignature = value;
            } else {
                if (!declaredTrailers.contains(name) || trailers.put(name, value) != null) {
                    throw new S3Exception(
                            S3ErrorCode.MALFORMED_TRAILER,
                            "The trailer '" + name + "' came twice, or was not announced by x-amz-trailer.");
                }
                canonical.append(name).append(':').append(value).append('\n');
            }
        }
        for (String declared : declaredTrailers) {
            if (!trailers.containsKey(declared)) {
                throw new S3Exception(
                        S3ErrorCode.MALFORMED_TRAILER,
                        "The trailer '" + declared + "' was announced by x-amz-trailer, and did not come.");
            }
        }
        if (expectsTrailers && verifier.isPresent()) {
            verifier.get().trailers(canonical.toString(), trailerSignature);
        }
    }

    private void expectEndOfLine() throws IOException {
        if (!line(2).orElse("").isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The aws-chunked body has a chunk that is longer than its first line says.");
        }
    }

    /** Without its end (CR LF, or LF alone). Empty: the body has ended. */
    private Optional<String> line(int max) throws IOException {
        byte[] octets = new byte[128];
        int n = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return n == 0 ? Optional.empty() : Optional.of(new String(octets, 0, n, StandardCharsets.ISO_8859_1));
            }
            if (n == max) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST, "The aws-chunked body has a line that is too long, or no lines.");
            }
            if (n == octets.length) {
                octets = java.util.Arrays.copyOf(octets, 2 * n);
            }
            octets[n++] = (byte) b;
        }
        if (n > 0 && octets[n - 1] == '\r') {
            n--;
        }
        return Optional.of(new String(octets, 0, n, StandardCharsets.ISO_8859_1));
    }

    private S3Exception incomplete(String why) {
        return new S3Exception(
                S3ErrorCode.INCOMPLETE_BODY, "x-amz-decoded-content-length is " + decodedLength + ", but " + why + ".");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
