package io.moorage.api.s3.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.auth.Authentication;
import io.moorage.api.s3.auth.Credential;
import io.moorage.api.s3.auth.SignatureV4Verifier;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.RequestHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The two chunked examples of the Amazon S3 API reference, changed in every way that must be noticed. */
class AwsChunkedTest {
    private static final String EXAMPLE =
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                    + "a".repeat(65536) + "\r\n"
                    + "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                    + "a".repeat(1024)
                    + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
    private static final String TRAILER_EXAMPLE =
            "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
                    + "a".repeat(65536) + "\r\n"
                    + "400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
                    + "a".repeat(1024)
                    + "\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
                    + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                    + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The request of the examples, verified. */
    private static UploadBody open(boolean trailers, String body) {
        String signed = trailers
                ? "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer"
                : "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class";
        String seed = trailers
                ? "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
                : "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
        List<String> headers = new java.util.ArrayList<>(List.of(
                "Host", "s3.amazonaws.com",
                "x-amz-date", "20130524T000000Z",
                "x-amz-storage-class", "REDUCED_REDUNDANCY",
                "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                                + "SignedHeaders=" + signed + ",Signature=" + seed,
                "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + (trailers ? "-TRAILER" : ""),
                "Content-Encoding", "aws-chunked",
                "x-amz-decoded-content-length", "66560",
                "Content-Length", "66824"));
        if (trailers) {
            headers.addAll(List.of("x-amz-trailer", "x-amz-checksum-crc32c"));
        }
        RequestHead head = RequestHead.of(
                "PUT",
                "/examplebucket/chunkObject.txt",
                null,
                Headers.of(headers.toArray(String[]::new)),
                Instant.parse("2013-05-24T00:00:00Z"));
        Authentication authentication = new SignatureV4Verifier(
                        id -> Optional.of(
                                new Credential(id, "ann", List.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), false)),
                        List.of())
                .verify(head);
        return UploadBody.open(stream(body), head.headers(), authentication.payload(), Optional.empty());
    }

    private static S3Exception refused(boolean trailers, String body) {
        return catchThrowableOfType(
                S3Exception.class, () -> open(trailers, body).readAllBytes());
    }

    @Test
    void exampleOfAws() throws IOException {
        UploadBody body = open(false, EXAMPLE);
        assertThat(body.length()).isEqualTo(66560);
        assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("a".repeat(66560));
        assertThat(body.digests().size()).isEqualTo(66560);
    }

    @Test
    void exampleOfAwsWithTrailers() throws IOException {
        UploadBody body = open(true, TRAILER_EXAMPLE);
        assertThat(body.readAllBytes()).hasSize(66560);
        assertThat(body.digests().algorithm()).contains(ChecksumAlgorithm.CRC32C);
        assertThat(body.digests().checksumBase64()).contains("sOO8/Q==");
        assertThat(body.digests().sent()).isTrue();
        // Some clients leave the last line out.
        assertThat(open(true, TRAILER_EXAMPLE.substring(0, TRAILER_EXAMPLE.length() - 2))
                        .readAllBytes())
                .hasSize(66560);
    }

    @Test
    void whoeverReadsExactlyTheLengthGetsItVerifiedAsWell() throws IOException {
        String broken = EXAMPLE.replace("b6c6ea8a", "b6c6ea8b");
        assertThat(catchThrowableOfType(
                                S3Exception.class, () -> open(false, broken).readNBytes(66560))
                        .code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        UploadBody part = open(false, EXAMPLE);
        part.readNBytes(66559);
        assertThat(catchThrowable(part::digests)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void changesAreNoticed() {
        assertThat(refused(false, EXAMPLE.replace("aaaa\r\n400", "aaab\r\n400")).code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused(false, EXAMPLE.replace("0055627c", "0055627d")).code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused(false, EXAMPLE.replaceFirst(";chunk-signature=[0-9a-f]+", ""))
                        .code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused(true, TRAILER_EXAMPLE.replace("d81f82fc", "d81f82fd"))
                        .code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused(true, TRAILER_EXAMPLE.replace("sOO8/Q==", "sOO8/A=="))
                        .code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused(true, TRAILER_EXAMPLE.replaceFirst("x-amz-trailer-signature:.*\r\n", ""))
                        .code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused(true, TRAILER_EXAMPLE.replaceFirst("x-amz-checksum-crc32c:.*\r\n", ""))
                        .code())
                .isEqualTo(S3ErrorCode.MALFORMED_TRAILER);
        assertThat(refused(false, EXAMPLE.substring(0, 66000)).code()).isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused(false, EXAMPLE.substring(0, 200)).code()).isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused(false, EXAMPLE.replace("10000;", "zz;")).code()).isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused(false, EXAMPLE.replace("10000;", "fffffffffffffffff;"))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused(false, EXAMPLE.replace("10000;", "ffffffffffffffff;"))
                        .code())
                .isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused(false, "1".repeat(100_000)).code()).isEqualTo(S3ErrorCode.INVALID_REQUEST);
    }

    private static UploadBody unsigned(byte[] wire, long decodedLength, String trailer) {
        return UploadBody.open(
                new ByteArrayInputStream(wire),
                Headers.of(
                        "x-amz-decoded-content-length",
                        Long.toString(decodedLength),
                        "x-amz-trailer",
                        trailer,
                        "x-amz-sdk-checksum-algorithm",
                        "CRC32"),
                new Payload(Payload.Kind.CHUNKED_UNSIGNED_TRAILER, Optional.empty(), Optional.empty()),
                Optional.empty());
    }

    @Test
    void unsignedTrailersAsTheSdksSendThem() throws IOException {
        UploadBody body = unsigned(
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                5,
                "x-amz-checksum-crc32");
        assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("hello");
        assertThat(body.digests().etag()).isEqualTo("5d41402abc4b2a76b9719d911017c592");

        UploadBody wrong = unsigned(
                "5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                5,
                "x-amz-checksum-crc32");
        assertThat(catchThrowableOfType(S3Exception.class, wrong::readAllBytes).code())
                .isEqualTo(S3ErrorCode.BAD_DIGEST);
        UploadBody unannounced = unsigned(
                "0\r\nx-amz-meta-a:b\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                0,
                "x-amz-checksum-crc32");
        assertThat(catchThrowableOfType(S3Exception.class, unannounced::digests).code())
                .isEqualTo(S3ErrorCode.MALFORMED_TRAILER);
        UploadBody empty = unsigned(
                "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                0,
                "x-amz-checksum-crc32");
        assertThat(empty.digests().size()).isZero();
    }

    @Property
    void everyDivisionIntoChunksAndReadsGivesTheSameBytes(
            @ForAll @Size(max = 300) byte[] data,
            @ForAll @IntRange(min = 1, max = 100) int chunk,
            @ForAll @IntRange(min = 1, max = 70) int read)
            throws IOException {
        java.io.ByteArrayOutputStream wire = new java.io.ByteArrayOutputStream();
        for (int at = 0; at < data.length; at += chunk) {
            int n = Math.min(chunk, data.length - at);
            wire.writeBytes((Integer.toHexString(n) + ";x=y\r\n").getBytes(StandardCharsets.US_ASCII));
            wire.write(data, at, n);
            wire.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(data);
        String base64 = java.util.Base64.getEncoder().encodeToString(MultipartDigests.octets(crc.getValue(), 4));
        wire.writeBytes(("0\r\nx-amz-checksum-crc32:" + base64 + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

        UploadBody body = unsigned(wire.toByteArray(), data.length, "x-amz-checksum-crc32");
        java.io.ByteArrayOutputStream decoded = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[read];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            decoded.write(buffer, 0, n);
        }
        assertThat(decoded.toByteArray()).isEqualTo(data);
        assertThat(body.digests().checksumBase64()).contains(base64);
    }

    @Property
    void anythingOnTheWireIsAnswered(@ForAll @Size(max = 200) byte[] wire) {
        for (String begin : new String[] {"", "3\r\n", "3\r\nabc\r\n", "3\r\nabc\r\n0\r\n"}) {
            byte[] head = begin.getBytes(StandardCharsets.US_ASCII);
            byte[] all = java.util.Arrays.copyOf(head, head.length + wire.length);
            System.arraycopy(wire, 0, all, head.length, wire.length);
            assertThat(catchThrowable(
                            () -> unsigned(all, 3, "x-amz-checksum-crc32").readAllBytes()))
                    .isInstanceOf(S3Exception.class);
        }
    }
}
