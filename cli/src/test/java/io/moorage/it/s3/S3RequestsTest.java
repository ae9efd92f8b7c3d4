package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.api.users.AccessKey;
import io.moorage.it.S3Fixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Requests as they are on the wire: signatures of all kinds, errors, and the addresses that S3 is served at. */
@ExtendWith(S3Fixture.class)
class S3RequestsTest {
    private static final String BUCKET = "requests-test";
    private static final byte[] NOTHING = {};
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final SignedHttp alice = new SignedHttp(S3Fixture.alice(), Duration.ZERO);

    @BeforeAll
    static void start() {
        try (S3Client s3 = Clients.alice()) {
            s3.createBucket(b -> b.bucket(BUCKET));
        }
    }

    @Test
    void errorsAreDocumentsWithIds() throws Exception {
        SignedHttp.Answer answer = alice.send("GET", "/" + BUCKET + "/absent", NOTHING, Map.of());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("NoSuchKey");
        assertThat(answer.body())
                .startsWith("<?xml")
                .contains(
                        "<Key>absent</Key>", "<Resource>/" + BUCKET + "/absent</Resource>", "<RequestId>", "<HostId>");
        assertThat(answer.head()).containsIgnoringCase("x-amz-request-id:").containsIgnoringCase("application/xml");
        SignedHttp.Answer head = alice.send("HEAD", "/" + BUCKET + "/absent", NOTHING, Map.of());
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /no-such-bucket-x        | 404 | NoSuchBucket",
                "GET    | /requests-test?website   | 404 | NoSuchWebsiteConfiguration",
                "GET    | /requests-test?inventory | 501 | NotImplemented",
                "POST   | /requests-test/x?select  | 501 | NotImplemented",
                "POST   | /requests-test/x?restore | 404 | NoSuchKey",
                "GET    | /requests-test?max-keys=x | 400 | InvalidArgument",
                "GET    | /requests-test?list-type=2&continuation-token=%25 | 400 | InvalidArgument",
                "GET    | /requests-test/x?versionId=nonsense | 400 | InvalidArgument",
                "POST   | /requests-test/x         | 405 | MethodNotAllowed",
                "PUT    | /Bad_Name                | 400 | InvalidBucketName",
                "PUT    | /requests-test?versioning | 400 | MalformedXML",
                "PUT    | /requests-test/x?partNumber=1&uploadId=none | 404 | NoSuchUpload"
            })
    void whatCannotBeIsRefusedByItsName(String method, String path, int status, String code) throws Exception {
        SignedHttp.Answer answer =
                alice.send(method, path, method.equals("PUT") ? new byte[] {'x'} : NOTHING, Map.of());
        assertThat(answer.status() + " " + answer.code()).isEqualTo(status + " " + code);
    }

    @Test
    void wrongSignaturesAreRefused() throws Exception {
        AccessKey key = S3Fixture.alice();
        SignedHttp wrong = new SignedHttp(new AccessKey(key.id(), "x" + key.secret(), key.user()), Duration.ZERO);
        assertThat(wrong.send("GET", "/" + BUCKET, NOTHING, Map.of()).code()).isEqualTo("SignatureDoesNotMatch");
        SignedHttp unknown = new SignedHttp(new AccessKey("MOORAAAAAAAAAAAAAAAA", "x", key.user()), Duration.ZERO);
        assertThat(unknown.send("GET", "/" + BUCKET, NOTHING, Map.of()).code()).isEqualTo("InvalidAccessKeyId");
        SignedHttp late = new SignedHttp(key, Duration.ofMinutes(-20));
        assertThat(late.send("GET", "/" + BUCKET, NOTHING, Map.of()).code()).isEqualTo("RequestTimeTooSkewed");
        assertThat(SignedHttp.exchange("GET /" + BUCKET + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", NOTHING)
                        .code())
                .isEqualTo("AccessDenied");
    }

    @Test
    void bodiesThatAreNotWhatWasSignedLeaveNothing() throws Exception {
        byte[] body = Clients.data(100_000);
        SignedRequest signed = alice.sign("PUT", "/" + BUCKET + "/forged", body, Map.of());
        byte[] other = body.clone();
        other[99_999]++;
        assertThat(SignedHttp.send(signed, other).code()).isEqualTo("XAmzContentSHA256Mismatch");
        assertThat(alice.send("HEAD", "/" + BUCKET + "/forged", NOTHING, Map.of())
                        .status())
                .isEqualTo(404);
        SignedRequest cut = alice.sign("PUT", "/" + BUCKET + "/cut", body, Map.of());
        // Who has gone away in the middle gets no answer.
        assertThatThrownBy(() -> SignedHttp.send(cut, java.util.Arrays.copyOf(body, 50_000)))
                .isInstanceOf(IOException.class);
        assertThat(alice.send("HEAD", "/" + BUCKET + "/cut", NOTHING, Map.of()).status())
                .isEqualTo(404);
    }

    @Test
    void signedChunksAreVerifiedOneByOne() throws Exception {
        byte[] body = Clients.data(200_000);
        SignedRequest signed = alice.sign("PUT", "/" + BUCKET + "/chunked", body, Map.of(), true);
        byte[] coded = signed.payload().orElseThrow().newStream().readAllBytes();
        assertThat(new String(coded, StandardCharsets.ISO_8859_1)).contains("chunk-signature=");
        assertThat(SignedHttp.send(signed, coded).status()).isEqualTo(200);
        try (S3Client s3 = Clients.alice()) {
            assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("chunked")).asByteArray())
                    .isEqualTo(body);
        }
        coded[coded.length / 2]++;
        SignedHttp.Answer forged = SignedHttp.send(signed, coded);
        assertThat(forged.status()).isEqualTo(403);
        assertThat(forged.code()).isEqualTo("SignatureDoesNotMatch");
    }

    @Test
    void lengthMustBeSaid() throws Exception {
        SignedRequest signed = alice.sign("PUT", "/" + BUCKET + "/endless", NOTHING, Map.of());
        StringBuilder head = new StringBuilder("PUT /" + BUCKET + "/endless HTTP/1.1\r\n");
        signed.request()
                .headers()
                .forEach((name, values) ->
                        head.append(name).append(": ").append(values.get(0)).append("\r\n"));
        if (signed.request().firstMatchingHeader("Host").isEmpty()) {
            head.append("Host: 127.0.0.1:").append(S3Fixture.port()).append("\r\n");
        }
        head.append("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        SignedHttp.Answer answer =
                SignedHttp.exchange(head.toString(), "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.status() + " " + answer.code()).isEqualTo("411 MissingContentLength");
    }

    @Test
    void expectedContinueIsSaid() throws Exception {
        byte[] body = Clients.data(10);
        SignedHttp.Answer answer =
                alice.send("PUT", "/" + BUCKET + "/continue", body, Map.of("Expect", "100-continue"));
        assertThat(answer.status()).isEqualTo(100);
        assertThat(answer.body()).startsWith("HTTP/1.1 200");
    }

    @Test
    void presignedUrlsWorkUntilTheyExpire() throws Exception {
        try (S3Presigner presigner = Clients.presigner();
                S3Client s3 = Clients.alice()) {
            URI put = presigner
                    .presignPutObject(p -> p.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(b -> b.bucket(BUCKET).key("pre signed+ü")))
                    .url()
                    .toURI();
            assertThat(http(HttpRequest.newBuilder(put).PUT(HttpRequest.BodyPublishers.ofString("by url")))
                            .statusCode())
                    .isEqualTo(200);
            URI get = presigner
                    .presignGetObject(p -> p.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(
                                    b -> b.bucket(BUCKET).key("pre signed+ü").responseContentType("text/q")))
                    .url()
                    .toURI();
            HttpResponse<String> got = http(HttpRequest.newBuilder(get));
            assertThat(got.body()).isEqualTo("by url");
            assertThat(got.headers().firstValue("Content-Type")).contains("text/q");
            assertThat(http(HttpRequest.newBuilder(URI.create(get.toString().replace("pre%20signed", "other"))))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(s3.headObject(b -> b.bucket(BUCKET).key("pre signed+ü")).contentLength())
                    .isEqualTo(6);
        }
    }

    @ParameterizedTest
    @CsvSource({"/s3", "/aws-s3"})
    void servedBelowPathsOfTheApiPortToo(String mount) {
        try (S3Client s3 =
                Clients.of(S3Fixture.alice(), S3Fixture.api().resolve(mount)).build()) {
            String key = "mounted" + mount;
            s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(mount));
            assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String())
                    .isEqualTo(mount);
            assertThat(s3.listBuckets().buckets()).isNotEmpty();
        }
    }

    @Test
    void bucketsAreHostsBelowTheDomain() throws Exception {
        SignedRequest signed = alice.sign(
                "PUT", "/by-host", new byte[3], Map.of("Host", BUCKET + ".s3.localhost:" + S3Fixture.port()));
        assertThat(SignedHttp.send(signed, new byte[3]).status()).isEqualTo(200);
        assertThat(alice.send("HEAD", "/" + BUCKET + "/by-host", NOTHING, Map.of())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void appendsAtAnOffset() throws Exception {
        String path = "/" + BUCKET + "/appended";
        assertThat(alice.send("PUT", path, "abc".getBytes(StandardCharsets.UTF_8), Map.of())
                        .status())
                .isEqualTo(200);
        Map<String, String> offset = Map.of("x-amz-write-offset-bytes", "3");
        assertThat(alice.send("PUT", path, "def".getBytes(StandardCharsets.UTF_8), offset)
                        .status())
                .isEqualTo(200);
        assertThat(alice.send("PUT", path, "ghi".getBytes(StandardCharsets.UTF_8), offset)
                        .code())
                .isEqualTo("InvalidWriteOffset");
        assertThat(alice.send("GET", path, NOTHING, Map.of()).body()).isEqualTo("abcdef");
    }

    @Test
    void formsAreRead() throws Exception {
        String form = "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nform/${filename}\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"success_action_status\"\r\n\r\n201\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\n\r\nby form\r\n--x--\r\n";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        S3Fixture.endpoint().resolve("/" + BUCKET))
                .header("Content-Type", "multipart/form-data; boundary=x");
        assertThat(http(request.copy().POST(HttpRequest.BodyPublishers.ofString(form)))
                        .body())
                .contains("<Code>AccessDenied</Code>");
        try (S3Client s3 = Clients.alice()) {
            s3.putBucketPolicy(b -> b.bucket(BUCKET)
                    .policy("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
                            + "\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::" + BUCKET + "/form/*\"}]}"));
            HttpResponse<String> posted = http(request.copy().POST(HttpRequest.BodyPublishers.ofString(form)));
            assertThat(posted.statusCode()).isEqualTo(201);
            assertThat(posted.body()).contains("<Key>form/f.txt</Key>");
            assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("form/f.txt"))
                            .asUtf8String())
                    .isEqualTo("by form");
            String sealed =
                    "--x\r\nContent-Disposition: form-data; name=\"x-amz-server-side-encryption\"\r\n\r\nAES256\r\n"
                            + form;
            assertThat(http(request.copy().POST(HttpRequest.BodyPublishers.ofString(sealed)))
                            .statusCode())
                    .isEqualTo(201);
            assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("form/f.txt")))
                    .satisfies(got -> {
                        assertThat(got.response().serverSideEncryptionAsString())
                                .isEqualTo("AES256");
                        assertThat(got.asUtf8String()).isEqualTo("by form");
                    });
            assertThat(http(request.copy()
                                    .POST(HttpRequest.BodyPublishers.ofString(form.substring(0, form.length() - 12))))
                            .body())
                    .contains("<Code>MalformedPOSTRequest</Code>");
            s3.deleteBucketPolicy(b -> b.bucket(BUCKET));
        }
    }

    @Test
    void renamesWithinABucket() throws Exception {
        alice.send("PUT", "/" + BUCKET + "/old%20name", new byte[] {'r'}, Map.of());
        SignedHttp.Answer renamed = alice.send(
                "PUT",
                "/" + BUCKET + "/new-name?renameObject",
                NOTHING,
                Map.of("x-amz-rename-source", "/" + BUCKET + "/old%20name"));
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(alice.send("HEAD", "/" + BUCKET + "/old%20name", NOTHING, Map.of())
                        .status())
                .isEqualTo(404);
        assertThat(alice.send("GET", "/" + BUCKET + "/new-name", NOTHING, Map.of())
                        .body())
                .isEqualTo("r");
    }

    @Test
    void aRenameWhereVersionsAreKeptLeavesThemBehind() throws Exception {
        try (S3Client s3 = Clients.alice()) {
            s3.createBucket(b -> b.bucket("renames"));
            s3.putBucketVersioning(b -> b.bucket("renames").versioningConfiguration(v -> v.status("Enabled")));
            String old = s3.putObject(b -> b.bucket("renames").key("old"), RequestBody.fromString("r"))
                    .versionId();
            Map<String, String> source = Map.of("x-amz-rename-source", "/renames/old");
            SignedHttp.Answer renamed = alice.send("PUT", "/renames/new?renameObject", NOTHING, source);
            assertThat(renamed.status()).isEqualTo(200);
            assertThat(renamed.head()).containsIgnoringCase("x-amz-version-id:");
            assertThat(s3.getObjectAsBytes(b -> b.bucket("renames").key("new")).asUtf8String())
                    .isEqualTo("r");
            assertThat(alice.send("PUT", "/renames/newer?renameObject", NOTHING, source)
                            .code())
                    .isEqualTo("NoSuchKey");
            assertThat(s3.getObjectAsBytes(b -> b.bucket("renames").key("old").versionId(old))
                            .asUtf8String())
                    .isEqualTo("r");
        }
    }

    @Test
    void usersComeAndGo() throws Exception {
        HttpResponse<String> made = http(
                HttpRequest.newBuilder(S3Fixture.api().resolve("/storage/users"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"name\":\"carol\",\"grants\":[{\"volume\":\"objects\",\"prefix\":\"requests-test/carol/\",\"access\":\"ReadWrite\"}]}")));
        assertThat(made.statusCode()).isEqualTo(201);
        var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(made.body());
        AccessKey carol = new AccessKey(
                json.get("accessKeyId").asText(),
                json.get("secretAccessKey").asText(),
                S3Fixture.bob().user());
        SignedHttp client = new SignedHttp(carol, Duration.ZERO);
        assertThat(client.send("PUT", "/" + BUCKET + "/carol/x", new byte[1], Map.of())
                        .status())
                .isEqualTo(200);
        assertThat(client.send("PUT", "/" + BUCKET + "/alice/x", new byte[1], Map.of())
                        .code())
                .isEqualTo("AccessDenied");
        assertThat(http(HttpRequest.newBuilder(S3Fixture.api().resolve("/storage/users")))
                        .body())
                .contains("carol")
                .doesNotContain("secret");
        assertThat(http(HttpRequest.newBuilder(S3Fixture.api().resolve("/storage/users/carol"))
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertThat(client.send("PUT", "/" + BUCKET + "/carol/x", new byte[1], Map.of())
                        .code())
                .isEqualTo("InvalidAccessKeyId");
    }

    private static HttpResponse<String> http(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
