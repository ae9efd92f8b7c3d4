package io.moorage.api.s3.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadBodyTest {
    private static UploadBody open(String body, Payload payload, String... headers) {
        return UploadBody.open(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
                Headers.of(headers),
                payload,
                Optional.of(ChecksumAlgorithm.CRC64NVME));
    }

    private static S3ErrorCode refused(String body, String... headers) {
        return catchThrowableOfType(
                        S3Exception.class,
                        () -> open(body, Payload.UNSIGNED, headers).readAllBytes())
                .code();
    }

    @Test
    void withoutAnyDemandTheDefaultChecksumIsComputed() throws IOException {
        UploadBody body = open("123456789", Payload.UNSIGNED, "Content-Length", "9");
        body.readAllBytes();

        assertThat(body.digests().etag()).isEqualTo("25f9e794323b453885f5181f1b624d0b");
        assertThat(body.digests().checksum().map(HexFormat.of()::formatHex)).contains("ae8b14860a799888");
        assertThat(body.digests().sent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, y/Q5Jg==",
        "CRC32C, 4waSgw==",
        "CRC64NVME, rosUhgp5mIg=",
        "SHA1, 98O8HYCOBHMq32eZZczDTKeuNEE=",
        "SHA256, FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
    })
    void checksumsInHeadersAreVerified(ChecksumAlgorithm algorithm, String value) throws IOException {
        UploadBody body = open(
                "123456789",
                Payload.UNSIGNED,
                "Content-Length",
                "9",
                algorithm.header(),
                value,
                "x-amz-sdk-checksum-algorithm",
                algorithm.name());
        body.readAllBytes();
        assertThat(body.digests().checksumBase64()).contains(value);
        assertThat(body.digests().sent()).isTrue();
        assertThat(refused("123456780", "Content-Length", "9", algorithm.header(), value))
                .isEqualTo(S3ErrorCode.BAD_DIGEST);
        assertThat(refused("123456789", "Content-Length", "9", algorithm.header(), "AAA="))
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused("123456789", "Content-Length", "9", algorithm.header(), "?"))
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
    }

    @Test
    void md5AndLengthAreVerified() throws IOException {
        open("hello", Payload.UNSIGNED, "Content-Length", "5", "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==")
                .readAllBytes();
        assertThat(refused("hellO", "Content-Length", "5", "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="))
                .isEqualTo(S3ErrorCode.BAD_DIGEST);
        assertThat(refused("hello", "Content-MD5", "short")).isEqualTo(S3ErrorCode.INVALID_DIGEST);
        assertThat(refused("hell", "Content-Length", "5")).isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused("hello!", "Content-Length", "5")).isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused("hello", "Content-Length", "five")).isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        UploadBody unknown = open("hello", Payload.UNSIGNED);
        assertThat(unknown.length()).isEqualTo(-1);
        unknown.readAllBytes();
        assertThat(unknown.digests().size()).isEqualTo(5);
    }

    @Test
    void theSignedHashIsVerified() throws IOException {
        byte[] hash = HexFormat.of().parseHex("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        Payload payload = new Payload(Payload.Kind.SIGNED, Optional.of(hash), Optional.empty());
        open("hello", payload, "Content-Length", "5").readAllBytes();
        assertThat(catchThrowableOfType(
                                S3Exception.class,
                                () -> open("hellO", payload, "Content-Length", "5")
                                        .readNBytes(5))
                        .code())
                .isEqualTo(S3ErrorCode.X_AMZ_CONTENT_SHA256_MISMATCH);
    }

    @Test
    void demandsThatContradictEachOther() {
        assertThat(refused("", "x-amz-checksum-crc32", "AAAAAA==", "x-amz-checksum-crc32c", "AAAAAA=="))
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused("", "x-amz-sdk-checksum-algorithm", "CRC32")).isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused("", "x-amz-sdk-checksum-algorithm", "CRC32C", "x-amz-checksum-crc32", "AAAAAA=="))
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused("", "x-amz-sdk-checksum-algorithm", "MD4")).isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused("", "x-amz-trailer", "x-amz-checksum-crc32")).isEqualTo(S3ErrorCode.INVALID_REQUEST);
        Payload chunked = new Payload(Payload.Kind.CHUNKED_UNSIGNED_TRAILER, Optional.empty(), Optional.empty());
        assertThat(catchThrowableOfType(S3Exception.class, () -> open("", chunked))
                        .code())
                .isEqualTo(S3ErrorCode.MISSING_CONTENT_LENGTH);
    }

    @Test
    void awsChunkedIsNoCodingOfTheObject() {
        assertThat(UploadBody.contentEncoding(Headers.of("Content-Encoding", "aws-chunked")))
                .isEmpty();
        assertThat(UploadBody.contentEncoding(Headers.of("Content-Encoding", "AWS-Chunked, gzip")))
                .contains("gzip");
        assertThat(UploadBody.contentEncoding(Headers.of())).isEmpty();
    }
}
