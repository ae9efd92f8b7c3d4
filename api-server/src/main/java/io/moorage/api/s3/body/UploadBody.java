package io.moorage.api.s3.body;

import io.moorage.api.http.BulkInputStream;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The body of a request, decoded; everything that was said about it is verified while it streams through, in one pass. The last of
 * its bytes are only handed out once all of it was verified, if its length is known. Whoever stores it calls {@link #digests} before
 * it counts as stored. Reading throws {@link S3Exception} for what is wrong with the body, and {@link IOException} when the
 * connection breaks. Not thread-safe.
 */
public final class UploadBody extends BulkInputStream {
    private static final long UNKNOWN = -1;

    private final InputStream in;
    private final Optional<AwsChunkedInputStream> chunked;
    private final long length;
    private final Payload payload;
    private final DigestDemand demand;
    private final Optional<ChecksumAlgorithm> algorithm;

    private final RunningChecksum md5 = RunningChecksum.of("MD5");
    private final Optional<RunningChecksum> sha256;
    private final Optional<RunningChecksum> checksum;
    private long read;
    private BodyDigests digests;

    private UploadBody(InputStream raw, Headers headers, Payload payload, Optional<ChecksumAlgorithm> otherwise) {
        this.payload = payload;
        this.demand = DigestDemand.of(headers);
        this.algorithm = demand.algorithm().or(() -> otherwise);
        this.checksum = algorithm.map(ChecksumAlgorithm::start);
        this.sha256 = payload.sha256().map(expected -> RunningChecksum.of("SHA-256"));
        if (payload.kind().chunked()) {
            this.length = number(headers, "x-amz-decoded-content-length")
                    .orElseThrow(() -> new S3Exception(
                            S3ErrorCode.MISSING_CONTENT_LENGTH,
                            "You must provide the x-amz-decoded-content-length HTTP header with an aws-chunked body."));
            this.chunked = Optional.of(new AwsChunkedInputStream(
                    raw, length, payload.verifier(), payload.kind().trailers(), demand.trailers()));
            this.in = chunked.get();
        } else {
            if (!demand.trailers().isEmpty()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "x-amz-trailer needs an x-amz-content-sha256 that ends with -TRAILER.");
            }
            this.length = number(headers, "Content-Length").orElse(UNKNOWN);
            this.chunked = Optional.empty();
            this.in = raw;
        }
    }

    /**
     * @param raw as it comes from the connection, without the coding of HTTP itself
     * @param payload from the authentication of the request
     * @param otherwise the checksum to compute if the request brings none
     * @throws S3Exception for what the headers already show to be wrong
     */
    public static UploadBody open(
            InputStream raw, Headers headers, Payload payload, Optional<ChecksumAlgorithm> otherwise) {
        return new UploadBody(raw, headers, payload, otherwise);
    }

    /** Content-Encoding without aws-chunked, which is not kept with the object. */
    public static Optional<String> contentEncoding(Headers headers) {
        String kept = headers.all("Content-Encoding").stream()
                .flatMap(line -> java.util.Arrays.stream(line.split(",")))
                .map(String::trim)
                .filter(coding ->
                        !coding.isEmpty() && !coding.toLowerCase(Locale.ROOT).equals("aws-chunked"))
                .collect(Collectors.joining(","));
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
    }

    private static Optional<Long> number(Headers headers, String name) {
        return headers.first(name).map(value -> {
            if (!value.matches("\\d{1,18}")) {
                throw S3Exception.invalidArgument(name + " must be a number of bytes", name, value);
            }
            return Long.parseLong(value);
        });
    }

    /** Bytes of the decoded body; -1: not known before its end. */
    public long length() {
        return length;
    }

    @Override
    public int read(byte[] bytes, int offset, int n) throws IOException {
        if (n == 0) {
            return 0;
        }
        if (digests != null) {
            return -1;
        }
        int got = in.read(bytes, offset, n);
        if (got < 0) {
            verify();
            return -1;
        }
        md5.update(bytes, offset, got);
        sha256.ifPresent(running -> running.update(bytes, offset, got));
        checksum.ifPresent(running -> running.update(bytes, offset, got));
        read += got;
        if (read == length) {
            expectEnd();
        }
        return got;
    }

    /**
     * What was computed. Call it when all was read, before it is committed.
     *
     * @throws S3Exception if the body is not what was said of it
     * @throws IllegalStateException if it was not read to its end
     */
    public BodyDigests digests() throws IOException {
        if (digests == null) {
            if (length == UNKNOWN || read != length) {
                throw new IllegalStateException(
                        "the body was not read to its end: " + read + " of " + length + " bytes");
            }
            expectEnd();
        }
        return digests;
    }

    private void expectEnd() throws IOException {
        if (in.read() >= 0) {
            throw new S3Exception(
                    S3ErrorCode.INCOMPLETE_BODY,
                    "The body is longer than the " + length + " bytes that its headers say.");
        }
        verify();
    }

    private void verify() {
        if (length != UNKNOWN && read != length) {
            throw new S3Exception(
                    S3ErrorCode.INCOMPLETE_BODY,
                    "The body ended after " + read + " of the " + length + " bytes that its headers say.");
        }
        byte[] actualMd5 = md5.value();
        if (demand.md5().isPresent() && !MessageDigest.isEqual(demand.md5().get(), actualMd5)) {
            throw new S3Exception(
                            S3ErrorCode.BAD_DIGEST, "The Content-MD5 you specified did not match what we received.")
                    .with("ExpectedDigest", base64(demand.md5().get()))
                    .with("CalculatedDigest", base64(actualMd5));
        }
        sha256.ifPresent(this::verifySha256);
        Optional<byte[]> actual = checksum.map(RunningChecksum::value);
        Optional<byte[]> expected = demand.value().or(this::trailer);
        if (expected.isPresent() && !MessageDigest.isEqual(expected.get(), actual.orElseThrow())) {
            throw new S3Exception(
                    S3ErrorCode.BAD_DIGEST,
                    "The " + algorithm.orElseThrow() + " you specified did not match the calculated checksum.");
        }
        digests = new BodyDigests(read, actualMd5, algorithm, actual, expected.isPresent());
    }

    private void verifySha256(RunningChecksum running) {
        byte[] expected = payload.sha256().orElseThrow();
        byte[] actual = running.value();
        if (!MessageDigest.isEqual(expected, actual)) {
            throw new S3Exception(S3ErrorCode.X_AMZ_CONTENT_SHA256_MISMATCH)
                    .with("ClientComputedContentSHA256", HexFormat.of().formatHex(expected))
                    .with("S3ComputedContentSHA256", HexFormat.of().formatHex(actual));
        }
    }

    private Optional<byte[]> trailer() {
        return demand.algorithm()
                .flatMap(announced -> chunked.map(stream -> stream.trailers().get(announced.header()))
                        .map(announced::decode));
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
