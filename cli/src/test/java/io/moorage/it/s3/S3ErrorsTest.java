package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.it.S3Fixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Errors by their codes: what each of them answers to. */
@ExtendWith(S3Fixture.class)
class S3ErrorsTest {
    private static final byte[] NOTHING = {};

    private final SignedHttp alice = new SignedHttp(S3Fixture.alice(), Duration.ZERO);

    @BeforeAll
    static void start() {
        try (S3Client s3 = Clients.alice()) {
            s3.createBucket(b -> b.bucket("errors-test"));
            s3.createBucket(b -> b.bucket("errors-locked").objectLockEnabledForBucket(true));
            s3.putObject(b -> b.bucket("errors-test").key("x"), RequestBody.fromBytes(new byte[100]));
            s3.putObject(b -> b.bucket("errors-locked").key("x"), RequestBody.fromBytes(new byte[100]));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/errors-test?policy             | 404 NoSuchBucketPolicy",
                "/errors-test?policyStatus       | 404 NoSuchBucketPolicy",
                "/errors-test?cors               | 404 NoSuchCORSConfiguration",
                "/errors-test?lifecycle          | 404 NoSuchLifecycleConfiguration",
                "/errors-test?tagging            | 404 NoSuchTagSet",
                "/errors-test?encryption         | 404 ServerSideEncryptionConfigurationNotFoundError",
                "/errors-test?publicAccessBlock  | 404 NoSuchPublicAccessBlockConfiguration",
                "/errors-test?ownershipControls  | 404 OwnershipControlsNotFoundError",
                "/errors-test?replication        | 404 ReplicationConfigurationNotFoundError",
                "/errors-test?website            | 404 NoSuchWebsiteConfiguration",
                "/errors-test?object-lock        | 404 ObjectLockConfigurationNotFoundError",
                "/errors-locked/x?retention      | 404 NoSuchObjectLockConfiguration",
                "/errors-test/x?versionId=7      | 404 NoSuchVersion",
                "/errors-test/x?uploadId=none    | 404 NoSuchUpload",
                "/errors-test/x?partNumber=2     | 416 InvalidPartNumber",
                "/errors-test/x?partNumber=0     | 400 InvalidArgument",
                "/errors-test/x?acl&tagging      | 400 InvalidArgument",
                "/errors-test/x?torrent          | 501 NotImplemented",
                "/errors-test?session            | 501 NotImplemented",
                "/errors-test?delete             | 405 MethodNotAllowed",
                "/errors-test?encoding-type=x    | 400 InvalidArgument",
                "/errors-test/x?attributes       | 400 InvalidArgument"
            })
    void gets(String path, String expected) throws Exception {
        assertThat(status(alice.send("GET", path, NOTHING, Map.of()))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/errors-test/x | Range: bytes=100-                        | 416 InvalidRange",
                "/errors-test/x | If-Match: \"0\"                          | 412 PreconditionFailed",
                "/errors-test/x | If-None-Match: *                         | 304 ",
                "/errors-test/x | x-amz-security-token: t                  | 400 InvalidToken"
            })
    void getsWithHeaders(String path, String header, String expected) throws Exception {
        assertThat(status(alice.send("GET", path, NOTHING, headers(header))) + " ")
                .startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-amz-storage-class: COLD                            | 400 InvalidStorageClass",
                "x-amz-acl: public-read                               | 400 AccessControlListNotSupported",
                "x-amz-grant-read: id=1                               | 400 AccessControlListNotSupported",
                "x-amz-server-side-encryption: AES128                 | 400 InvalidEncryptionAlgorithmError",
                "x-amz-server-side-encryption: aws:kms                | 501 NotImplemented",
                "x-amz-server-side-encryption-customer-key: AAAA      | 400 InvalidArgument",
                "x-amz-object-lock-legal-hold: ON                     | 400 InvalidRequest",
                "x-amz-object-lock-mode: GOVERNANCE                   | 400 InvalidArgument",
                "x-amz-tagging: a=1&a=2                               | 400 InvalidTag",
                "Content-MD5: bad                                     | 400 InvalidDigest",
                "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==                | 400 BadDigest",
                "x-amz-checksum-crc32: AAAAAA==                       | 400 BadDigest",
                "x-amz-checksum-crc32: ?                              | 400 InvalidRequest",
                "x-amz-sdk-checksum-algorithm: CRC32                  | 400 InvalidRequest",
                "x-amz-copy-source: /errors-test/absent               | 404 NoSuchKey",
                "x-amz-copy-source: /errors-absent/x                  | 404 NoSuchBucket",
                "x-amz-copy-source: nonsense                          | 400 InvalidArgument",
                "x-amz-write-offset-bytes: x                          | 400 InvalidArgument",
                "x-amz-write-offset-bytes: 7                          | 400 InvalidWriteOffset",
                "If-Match: \"0\"                                      | 404 NoSuchKey"
            })
    void puts(String header, String expected) throws Exception {
        assertThat(status(alice.send("PUT", "/errors-test/refused", new byte[] {1}, headers(header))))
                .isEqualTo(expected);
        assertThat(alice.send("HEAD", "/errors-test/refused", NOTHING, Map.of()).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT  | /errors-test?cors          |              | 400 MissingRequestBodyError",
                "PUT  | /errors-test?cors          | <a/>         | 400 MalformedXML",
                "PUT  | /errors-test?acl           | <a/>         | 400 MalformedACLError",
                "PUT  | /errors-test?policy        | no           | 400 MalformedPolicy",
                "PUT  | /errors-test?versioning | <VersioningConfiguration/>"
                        + " | 400 IllegalVersioningConfigurationException",
                "PUT  | /errors-test?object-lock | <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>"
                        + "</ObjectLockConfiguration> | 409 InvalidBucketState",
                "PUT  | /errors-locked?object-lock | <ObjectLockConfiguration><ObjectLockEnabled>Enabled"
                        + "</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>40000</Days>"
                        + "</DefaultRetention></Rule></ObjectLockConfiguration> | 400 InvalidRetentionPeriod",
                "PUT  | /errors-locked?versioning | <VersioningConfiguration><Status>Suspended</Status>"
                        + "</VersioningConfiguration> | 409 InvalidBucketState",
                "PUT  | /errors-test?tagging | <Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key>"
                        + "<Value>2</Value></Tag></TagSet></Tagging> | 400 InvalidTag",
                "PUT  | /errors-test?requestPayment | <a/>        | 501 NotImplemented",
                "POST | /errors-test?delete        | <Delete/>    | 400 MalformedXML",
                "POST | /errors-test/x?restore | <RestoreRequest><Days>1</Days></RestoreRequest> | 403 InvalidObjectState",
                "PUT  | /errors-test/x?retention | <Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2999-01-01T00:00:00Z"
                        + "</RetainUntilDate></Retention> | 400 InvalidRequest",
                "PUT  | /errors-test               |              | 409 BucketAlreadyOwnedByYou",
                "PUT  | /Errors_Test               |              | 400 InvalidBucketName"
            })
    void documents(String method, String path, String body, String expected) throws Exception {
        byte[] octets = body == null ? NOTHING : body.getBytes(StandardCharsets.UTF_8);
        assertThat(status(alice.send(method, path, octets, Map.of()))).isEqualTo(expected);
    }

    @Test
    void whatIsTooLarge() throws Exception {
        assertThat(status(alice.send("PUT", "/errors-test/m", new byte[1], Map.of("x-amz-meta-m", "m".repeat(2048)))))
                .isEqualTo("400 MetadataTooLarge");
        assertThat(status(alice.send("PUT", "/errors-test?tagging", new byte[300 * 1024], Map.of())))
                .isEqualTo("400 MaxMessageLengthExceeded");
        assertThat(status(alice.send("GET", "/errors-test/" + "k".repeat(1025), NOTHING, Map.of())))
                .isEqualTo("400 KeyTooLongError");
        String length = Long.toString((5L << 30) + 1);
        assertThat(status(raw(
                        "PUT /errors-test/large",
                        signed("PUT", "/errors-test/large", Map.of("x-amz-decoded-content-length", length)),
                        "Content-Length: " + length)))
                .isEqualTo("400 EntityTooLarge");
    }

    @Test
    void whoIsNotKnownOrNotAllowed() throws Exception {
        SignedHttp bob = new SignedHttp(S3Fixture.bob(), Duration.ZERO);
        assertThat(status(bob.send("PUT", "/errors-test", NOTHING, Map.of()))).isEqualTo("409 BucketAlreadyExists");
        assertThat(status(bob.send("GET", "/errors-test/x", NOTHING, Map.of()))).isEqualTo("403 AccessDenied");
        assertThat(status(raw("GET /errors-test/x", Map.of(), "Authorization: AWS4-HMAC-SHA256 nonsense")))
                .isEqualTo("400 AuthorizationHeaderMalformed");
        assertThat(status(raw("GET /errors-test/x?X-Amz-Algorithm=AWS4-HMAC-SHA256", Map.of(), "X: y")))
                .isEqualTo("400 AuthorizationQueryParametersError");
        assertThat(status(raw(
                        "OPTIONS /errors-test/x",
                        Map.of(),
                        "Origin: https://a.example\r\n" + "Access-Control-Request-Method: GET")))
                .isEqualTo("403 AccessForbidden");
        assertThat(status(raw("OPTIONS /errors-test/x", Map.of(), "X: y"))).isEqualTo("400 BadRequest");
        assertThat(status(raw("GET /errors-test/%ff", Map.of(), "X: y"))).isEqualTo("400 InvalidURI");
    }

    @Test
    void formsNeedAKey() throws Exception {
        String form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nf\r\n--x--\r\n";
        SignedHttp.Answer answer = SignedHttp.exchange(
                "POST /errors-test HTTP/1.1\r\nHost: 127.0.0.1:" + S3Fixture.port()
                        + "\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: " + form.length()
                        + "\r\nConnection: close\r\n\r\n",
                form.getBytes(StandardCharsets.US_ASCII));
        assertThat(status(answer)).isEqualTo("400 UserKeyMustBeSpecified");
    }

    private Map<String, String> signed(String method, String path, Map<String, String> headers) {
        Map<String, String> signed = new HashMap<>();
        alice.sign(method, path, NOTHING, headers)
                .request()
                .headers()
                .forEach((name, values) -> signed.put(name, values.get(0)));
        return signed;
    }

    private static SignedHttp.Answer raw(String requestLine, Map<String, String> headers, String more)
            throws java.io.IOException {
        StringBuilder head = new StringBuilder(requestLine + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (headers.keySet().stream().noneMatch("Host"::equalsIgnoreCase)) {
            head.append("Host: 127.0.0.1:").append(S3Fixture.port()).append("\r\n");
        }
        return SignedHttp.exchange(head + more + "\r\nConnection: close\r\n\r\n", NOTHING);
    }

    private static Map<String, String> headers(String line) {
        int colon = line.indexOf(": ");
        return Map.of(line.substring(0, colon), line.substring(colon + 2));
    }

    private static String status(SignedHttp.Answer answer) {
        return answer.status() + " " + answer.code();
    }
}
