package io.moorage.it.s3;

import static io.moorage.it.s3.S3ObjectsTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.it.S3Fixture;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Objects that are encrypted before they are stored. */
@ExtendWith(S3Fixture.class)
class S3EncryptionTest {
    private static final String BUCKET = "encryption-test";
    private static final int PART = 5 << 20;
    private static final Key KEY = new Key(1);
    private static final Key OTHER = new Key(2);
    private static S3Client s3;

    /** A key of a customer's, as SDKs want it. */
    private record Key(String base64, String md5) {
        Key(long seed) {
            this(octets(seed));
        }

        private Key(byte[] octets) {
            this(Base64.getEncoder().encodeToString(octets), md5(octets));
        }

        private static byte[] octets(long seed) {
            byte[] octets = new byte[32];
            new Random(seed).nextBytes(octets);
            return octets;
        }

        private static String md5(byte[] octets) {
            try {
                return Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("MD5").digest(octets));
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void put(PutObjectRequest.Builder b) {
            b.sseCustomerAlgorithm("AES256").sseCustomerKey(base64).sseCustomerKeyMD5(md5);
        }

        void get(GetObjectRequest.Builder b) {
            b.sseCustomerAlgorithm("AES256").sseCustomerKey(base64).sseCustomerKeyMD5(md5);
        }
    }

    @BeforeAll
    static void start() {
        s3 = Clients.alice();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Test
    void whatIsPutWithAKeyIsReadWithItOnly() throws Exception {
        byte[] data = Clients.data(300_001);
        PutObjectResponse put = put("c/x", data, KEY);
        assertThat(put.sseCustomerKeyMD5()).isEqualTo(KEY.md5());
        assertThat(put.eTag())
                .doesNotContain(java.util.HexFormat.of()
                        .formatHex(MessageDigest.getInstance("MD5").digest(data)));
        assertThat(get("c/x", KEY, null)).isEqualTo(data);
        assertThat(get("c/x", KEY, "bytes=65530-200000")).isEqualTo(Arrays.copyOfRange(data, 65_530, 200_001));
        assertThat(get("c/x", KEY, "bytes=-5")).isEqualTo(Arrays.copyOfRange(data, 299_996, 300_001));
        assertThatThrownBy(() -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("c/x")))
                .matches(code("InvalidRequest", 400));
        assertThatThrownBy(() -> get("c/x", OTHER, null)).matches(code("AccessDenied", 403));
        assertThatThrownBy(() -> s3.headObject(b -> b.bucket(BUCKET).key("c/x")))
                .satisfies(e -> assertThat(((software.amazon.awssdk.services.s3.model.S3Exception) e).statusCode())
                        .isEqualTo(400));
        HeadObjectResponse head = s3.headObject(b -> b.bucket(BUCKET)
                .key("c/x")
                .sseCustomerAlgorithm("AES256")
                .sseCustomerKey(KEY.base64())
                .sseCustomerKeyMD5(KEY.md5()));
        assertThat(head.contentLength()).isEqualTo(data.length);
        assertThat(head.eTag()).isEqualTo(put.eTag());
        assertThatThrownBy(() -> s3.getObjectAttributes(
                        b -> b.bucket(BUCKET).key("c/x").objectAttributes(ObjectAttributes.OBJECT_SIZE)))
                .matches(code("InvalidRequest", 400));
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("c/x")).contents())
                .singleElement()
                .satisfies(object -> assertThat(object.size()).isEqualTo(data.length));
        s3.putObject(b -> b.bucket(BUCKET).key("plain"), RequestBody.fromString("x"));
        assertThatThrownBy(() -> get("plain", KEY, null)).matches(code("InvalidRequest", 400));
        // What is stored is not what was put, and who does not decrypt it is told so.
        String path = BUCKET + "/c/x";
        assertThat(status("GET", "/storage/volumes/objects/files/" + path)).isEqualTo(409);
        assertThat(status("GET", "/kv/objects/" + path)).isEqualTo(409);
        // Nobody adds bytes to it that are not encrypted.
        assertThat(status("POST", "/storage/volumes/objects/files/" + path + "?op=append"))
                .isEqualTo(409);
        assertThat(get("c/x", KEY, null)).isEqualTo(data);
    }

    private static int status(String method, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(S3Fixture.api().resolve(path))
                                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("GET") ? "" : "more"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void noByteOfItIsStoredAsItWasPut() throws Exception {
        // Small enough to be in the log, and large enough for an extent.
        for (int size : List.of(1_000, 200_000)) {
            byte[] data = new byte[size];
            Arrays.fill(data, (byte) 'm');
            put("stored-" + size, data, KEY);
            try (io.moorage.client.EntryReader reader = S3Fixture.volume("objects")
                    .open(BUCKET + "/stored-" + size, io.moorage.client.CallOptions.DEFAULT)
                    .orElseThrow()) {
                java.io.ByteArrayOutputStream stored = new java.io.ByteArrayOutputStream();
                reader.transferTo(0, reader.entry().getSize(), stored);
                assertThat(stored.size()).isGreaterThan(size);
                assertThat(stored.toString(java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("mmmmm");
                assertThat(reader.entry().toString()).doesNotContain(KEY.base64(), KEY.md5());
            }
        }
    }

    @Test
    void copiesAreEncryptedAsTheyAreAsked() {
        byte[] data = Clients.data(100_000);
        put("copy/from", data, KEY);
        assertThatThrownBy(() -> s3.copyObject(b -> b.sourceBucket(BUCKET)
                        .sourceKey("copy/from")
                        .destinationBucket(BUCKET)
                        .destinationKey("copy/refused")))
                .matches(code("InvalidRequest", 400));
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("copy/from")
                .destinationBucket(BUCKET)
                .destinationKey("copy/plain")
                .copySourceSSECustomerAlgorithm("AES256")
                .copySourceSSECustomerKey(KEY.base64())
                .copySourceSSECustomerKeyMD5(KEY.md5()));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("copy/plain")).asByteArray())
                .isEqualTo(data);
        for (Key to : List.of(KEY, OTHER)) {
            s3.copyObject(b -> b.sourceBucket(BUCKET)
                    .sourceKey("copy/from")
                    .destinationBucket(BUCKET)
                    .destinationKey("copy/to")
                    .copySourceSSECustomerAlgorithm("AES256")
                    .copySourceSSECustomerKey(KEY.base64())
                    .copySourceSSECustomerKeyMD5(KEY.md5())
                    .sseCustomerAlgorithm("AES256")
                    .sseCustomerKey(to.base64())
                    .sseCustomerKeyMD5(to.md5()));
            assertThat(get("copy/to", to, null)).isEqualTo(data);
        }
        // On itself, with another encryption.
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("copy/plain")
                .destinationBucket(BUCKET)
                .destinationKey("copy/plain")
                .serverSideEncryption(ServerSideEncryption.AES256));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("copy/plain")).response())
                .satisfies(got -> assertThat(got.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256));
    }

    @Test
    void partsAreEncryptedWithTheUploadsKey() {
        byte[] first = Clients.data(PART + 1);
        byte[] last = Clients.data(70_000);
        put("part-source", last, OTHER);
        String id = s3.createMultipartUpload(b -> b.bucket(BUCKET)
                        .key("parts")
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(KEY.base64())
                        .sseCustomerKeyMD5(KEY.md5()))
                .uploadId();
        assertThatThrownBy(() -> s3.uploadPart(
                        b -> b.bucket(BUCKET).key("parts").uploadId(id).partNumber(1), RequestBody.fromString("x")))
                .matches(code("InvalidRequest", 400));
        assertThatThrownBy(() -> part("parts", id, 1, new byte[1], OTHER)).matches(code("InvalidRequest", 400));
        CompletedPart one = part("parts", id, 1, first, KEY);
        CompletedPart two = CompletedPart.builder()
                .partNumber(2)
                .eTag(s3.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                                .sourceKey("part-source")
                                .destinationBucket(BUCKET)
                                .destinationKey("parts")
                                .uploadId(id)
                                .partNumber(2)
                                .copySourceSSECustomerAlgorithm("AES256")
                                .copySourceSSECustomerKey(OTHER.base64())
                                .copySourceSSECustomerKeyMD5(OTHER.md5())
                                .sseCustomerAlgorithm("AES256")
                                .sseCustomerKey(KEY.base64())
                                .sseCustomerKeyMD5(KEY.md5()))
                        .copyPartResult()
                        .eTag())
                .build();
        assertThat(s3.listParts(b -> b.bucket(BUCKET).key("parts").uploadId(id)).parts())
                .extracting(part -> part.size())
                .containsExactly((long) first.length, (long) last.length);
        s3.completeMultipartUpload(
                b -> b.bucket(BUCKET).key("parts").uploadId(id).multipartUpload(m -> m.parts(one, two)));
        byte[] whole = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, whole, first.length, last.length);
        assertThat(get("parts", KEY, null)).isEqualTo(whole);
        assertThat(get("parts", KEY, "bytes=" + (PART - 100) + "-" + (PART + 50_000)))
                .isEqualTo(Arrays.copyOfRange(whole, PART - 100, PART + 50_001));
        assertThat(s3.getObjectAsBytes(b -> {
                            b.bucket(BUCKET).key("parts").partNumber(2);
                            KEY.get(b);
                        })
                        .asByteArray())
                .isEqualTo(last);
    }

    @Test
    void aBucketEncryptsByDefault() {
        s3.createBucket(b -> b.bucket("encrypted"));
        assertThatThrownBy(() -> s3.getBucketEncryption(b -> b.bucket("encrypted")))
                .matches(code("ServerSideEncryptionConfigurationNotFoundError", 404));
        s3.putBucketEncryption(b -> b.bucket("encrypted")
                .serverSideEncryptionConfiguration(c -> c.rules(
                        r -> r.applyServerSideEncryptionByDefault(d -> d.sseAlgorithm(ServerSideEncryption.AES256)))));
        assertThat(s3.getBucketEncryption(b -> b.bucket("encrypted"))
                        .serverSideEncryptionConfiguration()
                        .rules())
                .singleElement()
                .satisfies(rule -> assertThat(
                                rule.applyServerSideEncryptionByDefault().sseAlgorithm())
                        .isEqualTo(ServerSideEncryption.AES256));
        byte[] data = Clients.data(10_000);
        PutObjectResponse put = s3.putObject(b -> b.bucket("encrypted").key("x"), RequestBody.fromBytes(data));
        assertThat(put.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(s3.getObjectAsBytes(b -> b.bucket("encrypted").key("x"))).satisfies(got -> {
            assertThat(got.asByteArray()).isEqualTo(data);
            assertThat(got.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
            assertThat(got.response().eTag()).isEqualTo(put.eTag());
        });
        s3.copyObject(b -> b.sourceBucket("encrypted")
                .sourceKey("x")
                .destinationBucket("encrypted")
                .destinationKey("y"));
        assertThat(s3.getObjectAsBytes(b -> b.bucket("encrypted").key("y")).asByteArray())
                .isEqualTo(data);
        put("with-key", data, KEY);
        assertThatThrownBy(() -> s3.putObject(
                        b -> b.bucket("encrypted").key("x").writeOffsetBytes(10_000L), RequestBody.fromString("more")))
                .matches(code("NotImplemented", 501));
        assertThatThrownBy(() -> s3.putBucketEncryption(b -> b.bucket("encrypted")
                        .serverSideEncryptionConfiguration(c -> c.rules(r -> r.applyServerSideEncryptionByDefault(
                                d -> d.sseAlgorithm(ServerSideEncryption.AWS_KMS))))))
                .matches(code("NotImplemented", 501));
        s3.deleteBucketEncryption(b -> b.bucket("encrypted"));
        s3.putObject(b -> b.bucket("encrypted").key("plain"), RequestBody.fromString("p"));
        assertThat(s3.headObject(b -> b.bucket("encrypted").key("plain")).serverSideEncryption())
                .isNull();
        assertThat(s3.getObjectAsBytes(b -> b.bucket("encrypted").key("x")).asByteArray())
                .isEqualTo(data);
    }

    private static PutObjectResponse put(String key, byte[] data, Key with) {
        return s3.putObject(
                b -> {
                    b.bucket(BUCKET).key(key);
                    with.put(b);
                },
                RequestBody.fromBytes(data));
    }

    private static byte[] get(String key, Key with, String range) {
        return s3.getObjectAsBytes(b -> {
                    b.bucket(BUCKET).key(key).range(range);
                    with.get(b);
                })
                .asByteArray();
    }

    private static CompletedPart part(String key, String id, int number, byte[] data, Key with) {
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(s3.uploadPart(
                                b -> b.bucket(BUCKET)
                                        .key(key)
                                        .uploadId(id)
                                        .partNumber(number)
                                        .sseCustomerAlgorithm("AES256")
                                        .sseCustomerKey(with.base64())
                                        .sseCustomerKeyMD5(with.md5()),
                                RequestBody.fromBytes(data))
                        .eTag())
                .build();
    }
}
