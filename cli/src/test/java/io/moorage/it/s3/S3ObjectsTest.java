package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.it.S3Fixture;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Objects by the AWS SDK for Java. */
@ExtendWith(S3Fixture.class)
class S3ObjectsTest {
    private static final String BUCKET = "objects-test";
    private static S3Client s3;

    @BeforeAll
    static void start() {
        s3 = Clients.alice();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 65_537, 5_000_001})
    void whatWasPutComesBack(int length) throws Exception {
        byte[] data = Clients.data(length);
        PutObjectResponse put = put("sizes/" + length, data, b -> {});
        assertThat(put.eTag()).isEqualTo('"' + md5(data) + '"');
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("sizes/" + length));
        assertThat(got.asByteArray()).isEqualTo(data);
        assertThat(got.response().eTag()).isEqualTo(put.eTag());
        assertThat(got.response().contentLength()).isEqualTo(length);
        assertThat(got.response().acceptRanges()).isEqualTo("bytes");
        assertThat(got.response().versionId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a b+c%25&d=e?f#g",
                "ünï/日本/😀",
                "double//slash",
                "/leading",
                "trailing space ",
                "..",
                "a/../b",
                "./c",
                "quote'\"<>&",
                "%41",
                "tilde~*()!",
                "tab\tin"
            })
    void everyLegalKeyIsKept(String key) {
        put(key, key.getBytes(StandardCharsets.UTF_8), b -> {});
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String())
                .isEqualTo(key);
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix(key)).contents())
                .extracting(S3Object::key)
                .contains(key);
        s3.deleteObject(b -> b.bucket(BUCKET).key(key));
        assertThatThrownBy(() -> s3.headObject(b -> b.bucket(BUCKET).key(key))).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void keyOf1024BytesIsTakenAndOneMoreIsNot() {
        String longest = "ä".repeat(512);
        put(longest, new byte[1], b -> {});
        assertThat(s3.headObject(b -> b.bucket(BUCKET).key(longest)).contentLength())
                .isEqualTo(1);
        assertThatThrownBy(() -> put(longest + "x", new byte[1], b -> {})).matches(code("KeyTooLongError", 400));
    }

    @Test
    void metadataAndHeadersComeBack() {
        put(
                "meta",
                new byte[3],
                b -> b.metadata(Map.of("color", "blue", "name", "Jörg"))
                        .contentType("text/x-test")
                        .cacheControl("no-cache")
                        .contentDisposition("attachment")
                        .contentLanguage("de")
                        .contentEncoding("gzip")
                        .storageClass("STANDARD_IA")
                        .tagging("a=1&b=2"));
        HeadObjectResponse head = s3.headObject(b -> b.bucket(BUCKET).key("meta"));
        assertThat(head.metadata()).containsEntry("color", "blue").containsKey("name");
        assertThat(head.contentType()).isEqualTo("text/x-test");
        assertThat(head.cacheControl()).isEqualTo("no-cache");
        assertThat(head.contentDisposition()).isEqualTo("attachment");
        assertThat(head.contentLanguage()).isEqualTo("de");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.storageClassAsString()).isEqualTo("STANDARD_IA");
        GetObjectResponse overridden = s3.getObjectAsBytes(b -> b.bucket(BUCKET)
                        .key("meta")
                        .responseContentType("text/y")
                        .responseCacheControl("max-age=1"))
                .response();
        assertThat(overridden.contentType()).isEqualTo("text/y");
        assertThat(overridden.cacheControl()).isEqualTo("max-age=1");
        assertThat(overridden.tagCount()).isEqualTo(2);
    }

    @Test
    void rangesAreCut() {
        byte[] data = Clients.data(200_000);
        put("range", data, b -> {});
        ResponseBytes<GetObjectResponse> part =
                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("range").range("bytes=70000-70009"));
        assertThat(part.asByteArray()).isEqualTo(java.util.Arrays.copyOfRange(data, 70_000, 70_010));
        assertThat(part.response().contentRange()).isEqualTo("bytes 70000-70009/200000");
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("range").range("bytes=-5"))
                        .asByteArray())
                .hasSize(5);
        assertThatThrownBy(() ->
                        s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("range").range("bytes=200000-")))
                .matches(code("InvalidRange", 416));
    }

    @Test
    void conditionsOfReads() {
        String etag = put("conditional", new byte[9], b -> {}).eTag();
        assertThatThrownBy(() -> s3.getObjectAsBytes(
                        b -> b.bucket(BUCKET).key("conditional").ifNoneMatch(etag)))
                .matches(e -> ((S3Exception) e).statusCode() == 304);
        assertThatThrownBy(() -> s3.getObjectAsBytes(
                        b -> b.bucket(BUCKET).key("conditional").ifMatch("\"no\"")))
                .matches(code("PreconditionFailed", 412));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("conditional").ifMatch(etag))
                        .asByteArray())
                .hasSize(9);
    }

    @Test
    void conditionsOfWrites() {
        String etag = put("cas", new byte[1], b -> b.ifNoneMatch("*")).eTag();
        assertThatThrownBy(() -> put("cas", new byte[2], b -> b.ifNoneMatch("*")))
                .matches(code("PreconditionFailed", 412));
        assertThatThrownBy(() -> put("cas", new byte[2], b -> b.ifMatch("\"00000000000000000000000000000000\"")))
                .matches(code("PreconditionFailed", 412));
        assertThatThrownBy(() -> put("cas-absent", new byte[2], b -> b.ifMatch(etag)))
                .matches(code("NoSuchKey", 404));
        put("cas", new byte[2], b -> b.ifMatch(etag));
        assertThat(s3.headObject(b -> b.bucket(BUCKET).key("cas")).contentLength())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "SHA1", "SHA256"})
    void checksumsAreVerifiedAndKept(ChecksumAlgorithm algorithm) {
        byte[] data = Clients.data(70_000);
        put("sum-" + algorithm, data, b -> b.checksumAlgorithm(algorithm));
        GetObjectResponse got = s3.getObjectAsBytes(
                        b -> b.bucket(BUCKET).key("sum-" + algorithm).checksumMode(ChecksumMode.ENABLED))
                .response();
        String kept = switch (algorithm) {
            case CRC32 -> got.checksumCRC32();
            case SHA1 -> got.checksumSHA1();
            default -> got.checksumSHA256();
        };
        assertThat(kept).isNotBlank();
        assertThat(got.checksumTypeAsString()).isEqualTo("FULL_OBJECT");
        assertThat(s3.getObjectAttributes(b -> b.bucket(BUCKET)
                                .key("sum-" + algorithm)
                                .objectAttributes(
                                        ObjectAttributes.CHECKSUM,
                                        ObjectAttributes.E_TAG,
                                        ObjectAttributes.OBJECT_SIZE))
                        .objectSize())
                .isEqualTo(70_000);
    }

    @Test
    void wrongChecksumLeavesNothing() {
        assertThatThrownBy(() -> put(
                        "bad-sum", new byte[10], b -> b.checksumSHA256("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")))
                .matches(code("BadDigest", 400));
        assertThatThrownBy(() -> put("bad-md5", new byte[100_000], b -> b.contentMD5("AAAAAAAAAAAAAAAAAAAAAA==")))
                .matches(code("BadDigest", 400));
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("bad-")).keyCount())
                .isZero();
    }

    @Test
    void copiesShareBytesAndTakeOrReplaceMetadata() {
        byte[] data = Clients.data(300_000);
        String etag = put("copy/from", data, b -> b.metadata(Map.of("k", "v")).tagging("t=1"))
                .eTag();
        assertThat(copy("copy/from", "copy/to ü", b -> {})).isEqualTo(etag);
        HeadObjectResponse taken = s3.headObject(b -> b.bucket(BUCKET).key("copy/to ü"));
        assertThat(taken.metadata()).containsEntry("k", "v");
        assertThat(s3.getObjectTagging(b -> b.bucket(BUCKET).key("copy/to ü")).tagSet())
                .hasSize(1);
        copy(
                "copy/from",
                "copy/replaced",
                b -> b.metadataDirective(MetadataDirective.REPLACE)
                        .metadata(Map.of("x", "y"))
                        .contentType("text/z")
                        .taggingDirective(TaggingDirective.REPLACE)
                        .tagging("t=2&u=3"));
        HeadObjectResponse replaced = s3.headObject(b -> b.bucket(BUCKET).key("copy/replaced"));
        assertThat(replaced.metadata()).containsOnly(Map.entry("x", "y"));
        assertThat(replaced.contentType()).isEqualTo("text/z");
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("copy/replaced"))
                        .asByteArray())
                .isEqualTo(data);
        assertThatThrownBy(() -> copy("copy/from", "copy/from", b -> {})).matches(code("InvalidRequest", 400));
        assertThatThrownBy(() -> copy("copy/none", "copy/x", b -> {})).matches(code("NoSuchKey", 404));
        assertThatThrownBy(() -> copy("copy/from", "copy/x", b -> b.copySourceIfNoneMatch(etag)))
                .matches(code("PreconditionFailed", 412));
    }

    @Test
    void copiesBetweenVolumesAreStreamed() {
        S3Fixture.volume("elsewhere");
        s3.createBucket(
                b -> b.bucket("elsewhere-bucket").createBucketConfiguration(c -> c.locationConstraint("elsewhere")));
        byte[] data = Clients.data(5_000_000);
        String etag = put("far", data, b -> {}).eTag();
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("far")
                .destinationBucket("elsewhere-bucket")
                .destinationKey("near"));
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(b -> b.bucket("elsewhere-bucket").key("near"));
        assertThat(got.asByteArray()).isEqualTo(data);
        assertThat(got.response().eTag()).isEqualTo(etag);
        assertThat(s3.getBucketLocation(b -> b.bucket("elsewhere-bucket")).locationConstraintAsString())
                .isEqualTo("elsewhere");
    }

    @Test
    void listsArePagedAndRolledUp() {
        for (String key : List.of("l/a", "l/b/1", "l/b/2", "l/c--1", "l/c--2", "l/d")) {
            put(key, new byte[1], b -> {});
        }
        ListObjectsV2Response rolled =
                s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("l/").delimiter("/"));
        assertThat(rolled.contents()).extracting(S3Object::key).containsExactly("l/a", "l/c--1", "l/c--2", "l/d");
        assertThat(rolled.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("l/b/");
        assertThat(rolled.keyCount()).isEqualTo(5);
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("l/").delimiter("--"))
                        .commonPrefixes())
                .extracting(CommonPrefix::prefix)
                .containsExactly("l/c--");
        assertThat(s3.listObjectsV2Paginator(b -> b.bucket(BUCKET).prefix("l/").maxKeys(2)).contents().stream()
                        .map(S3Object::key))
                .containsExactly("l/a", "l/b/1", "l/b/2", "l/c--1", "l/c--2", "l/d");
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET)
                                .prefix("l/")
                                .startAfter("l/b/2")
                                .fetchOwner(true))
                        .contents())
                .allSatisfy(object -> assertThat(object.owner().displayName()).isEqualTo("alice"))
                .extracting(S3Object::key)
                .containsExactly("l/c--1", "l/c--2", "l/d");
        ListObjectsResponse first =
                s3.listObjects(b -> b.bucket(BUCKET).prefix("l/").delimiter("/").maxKeys(2));
        assertThat(first.isTruncated()).isTrue();
        assertThat(first.nextMarker()).isEqualTo("l/b/");
        assertThat(s3.listObjects(b ->
                                b.bucket(BUCKET).prefix("l/").delimiter("/").marker("l/b/"))
                        .contents())
                .hasSize(3);
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).maxKeys(0)).keyCount())
                .isZero();
    }

    @Test
    void manyAreDeletedAtOnce() {
        List<ObjectIdentifier> keys = List.of(
                ObjectIdentifier.builder().key("m/1").build(),
                ObjectIdentifier.builder().key("m/2 <&>").build(),
                ObjectIdentifier.builder().key("m/absent").build());
        put("m/1", new byte[1], b -> {});
        put("m/2 <&>", new byte[1], b -> {});
        DeleteObjectsResponse deleted = s3.deleteObjects(
                b -> b.bucket(BUCKET).delete(Delete.builder().objects(keys).build()));
        assertThat(deleted.deleted()).hasSize(3);
        assertThat(deleted.errors()).isEmpty();
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("m/")).keyCount())
                .isZero();
    }

    @Test
    void directoriesAreObjectsToo() {
        put("dir/", new byte[0], b -> b.metadata(Map.of("d", "1")).contentType("application/x-directory"));
        put("dir/file", new byte[1], b -> {});
        HeadObjectResponse head = s3.headObject(b -> b.bucket(BUCKET).key("dir/"));
        assertThat(head.contentLength()).isZero();
        assertThat(head.contentType()).isEqualTo("application/x-directory");
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("dir/")).contents())
                .extracting(S3Object::key)
                .containsExactly("dir/", "dir/file");
        s3.deleteObject(b -> b.bucket(BUCKET).key("dir/"));
        assertThatThrownBy(() -> s3.headObject(b -> b.bucket(BUCKET).key("dir/")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThat(s3.headObject(b -> b.bucket(BUCKET).key("dir/file")).contentLength())
                .isEqualTo(1);
    }

    @Test
    void tagsAreSetAndTakenAway() {
        put("tagged", new byte[1], b -> {});
        s3.putObjectTagging(b -> b.bucket(BUCKET)
                .key("tagged")
                .tagging(t -> t.tagSet(tag -> tag.key("k+ü").value("v w"))));
        assertThat(s3.getObjectTagging(b -> b.bucket(BUCKET).key("tagged")).tagSet())
                .singleElement()
                .satisfies(tag -> {
                    assertThat(tag.key()).isEqualTo("k+ü");
                    assertThat(tag.value()).isEqualTo("v w");
                });
        s3.deleteObjectTagging(b -> b.bucket(BUCKET).key("tagged"));
        assertThat(s3.getObjectTagging(b -> b.bucket(BUCKET).key("tagged")).tagSet())
                .isEmpty();
    }

    private static PutObjectResponse put(String key, byte[] data, Consumer<PutObjectRequest.Builder> more) {
        return s3.putObject(
                b -> {
                    b.bucket(BUCKET).key(key);
                    more.accept(b);
                },
                RequestBody.fromBytes(data));
    }

    private static String copy(String from, String to, Consumer<CopyObjectRequest.Builder> more) {
        return s3.copyObject(b -> {
                    b.sourceBucket(BUCKET)
                            .sourceKey(from)
                            .destinationBucket(BUCKET)
                            .destinationKey(to);
                    more.accept(b);
                })
                .copyObjectResult()
                .eTag();
    }

    static java.util.function.Predicate<Throwable> code(String code, int status) {
        return e -> {
            assertThat(e).isInstanceOf(S3Exception.class);
            assertThat(((S3Exception) e).awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(((S3Exception) e).statusCode()).isEqualTo(status);
            return true;
        };
    }

    private static String md5(byte[] data) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(data));
    }
}
