package io.moorage.it.s3;

import static io.moorage.it.s3.S3ObjectsTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.it.S3Fixture;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Buckets and their settings by the AWS SDK for Java. */
@ExtendWith(S3Fixture.class)
class S3BucketsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static S3Client s3;
    private static S3Client bob;

    @BeforeAll
    static void start() {
        s3 = Clients.alice();
        bob = Clients.of(S3Fixture.bob(), S3Fixture.endpoint()).build();
    }

    @AfterAll
    static void stop() {
        s3.close();
        bob.close();
    }

    @Test
    void bucketsAreMadeFoundListedAndDeleted() {
        s3.createBucket(b -> b.bucket("life"));
        assertThatThrownBy(() -> s3.createBucket(b -> b.bucket("life"))).matches(code("BucketAlreadyOwnedByYou", 409));
        assertThat(s3.headBucket(b -> b.bucket("life")).bucketRegion()).isEqualTo("us-east-1");
        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).contains("life");
        assertThat(bob.listBuckets().buckets()).extracting(Bucket::name).doesNotContain("life");
        put("life", "x", "1");
        assertThatThrownBy(() -> s3.deleteBucket(b -> b.bucket("life"))).matches(code("BucketNotEmpty", 409));
        s3.deleteObject(b -> b.bucket("life").key("x"));
        s3.createMultipartUpload(b -> b.bucket("life").key("unfinished"));
        s3.deleteBucket(b -> b.bucket("life"));
        assertThatThrownBy(() -> s3.headBucket(b -> b.bucket("life"))).isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> s3.deleteBucket(b -> b.bucket("life"))).matches(code("NoSuchBucket", 404));
        assertThatThrownBy(() -> s3.createBucket(
                        b -> b.bucket("nowhere").createBucketConfiguration(c -> c.locationConstraint("no-volume"))))
                .matches(code("InvalidLocationConstraint", 400));
    }

    @Test
    void whatS3WritesIsAFileAndTheOtherWayRound() throws Exception {
        s3.createBucket(b -> b.bucket("shared"));
        put("shared", "from-s3.txt", "by S3");
        URI files = S3Fixture.api().resolve("/storage/volumes/objects/files/shared/");
        assertThat(send(HttpRequest.newBuilder(files.resolve("from-s3.txt"))).body())
                .isEqualTo("by S3");
        send(HttpRequest.newBuilder(files.resolve("from-rest.txt"))
                .PUT(HttpRequest.BodyPublishers.ofString("by REST")));
        assertThat(get("shared", "from-rest.txt")).isEqualTo("by REST");
        assertThat(s3.headObject(b -> b.bucket("shared").key("from-rest.txt")).eTag())
                .contains("-");
    }

    @Test
    void versionsAreKept() {
        s3.createBucket(b -> b.bucket("versions"));
        assertThat(s3.getBucketVersioning(b -> b.bucket("versions")).status()).isNull();
        put("versions", "k", "null version");
        versioning("versions", BucketVersioningStatus.ENABLED);
        PutObjectResponse one = put("versions", "k", "one");
        PutObjectResponse two = put("versions", "k", "two");
        assertThat(one.versionId()).isNotEqualTo(two.versionId());
        assertThat(version("versions", "k", one.versionId())).isEqualTo("one");
        assertThat(version("versions", "k", "null")).isEqualTo("null version");
        DeleteObjectResponse marker = s3.deleteObject(b -> b.bucket("versions").key("k"));
        assertThat(marker.deleteMarker()).isTrue();
        assertThatThrownBy(() -> get("versions", "k"))
                .matches(code("NoSuchKey", 404))
                .satisfies(e -> assertThat(((S3Exception) e)
                                .awsErrorDetails()
                                .sdkHttpResponse()
                                .firstMatchingHeader("x-amz-delete-marker"))
                        .contains("true"));
        assertThatThrownBy(() -> version("versions", "k", marker.versionId())).matches(code("MethodNotAllowed", 405));
        ListObjectVersionsResponse listed = s3.listObjectVersions(b -> b.bucket("versions"));
        assertThat(listed.versions())
                .extracting(ObjectVersion::versionId)
                .containsExactly(two.versionId(), one.versionId(), "null");
        assertThat(listed.deleteMarkers()).singleElement().matches(DeleteMarkerEntry::isLatest);
        assertThat(s3.listObjectVersionsPaginator(b -> b.bucket("versions").maxKeys(1))
                        .versions())
                .hasSize(3);
        s3.deleteObject(b -> b.bucket("versions").key("k").versionId(marker.versionId()));
        assertThat(get("versions", "k")).isEqualTo("two");
        s3.deleteObject(b -> b.bucket("versions").key("k").versionId(two.versionId()));
        assertThat(get("versions", "k")).isEqualTo("one");
        versioning("versions", BucketVersioningStatus.SUSPENDED);
        assertThat(put("versions", "k", "null again").versionId()).isEqualTo("null");
        assertThat(s3.listObjectVersions(b -> b.bucket("versions")).versions())
                .extracting(ObjectVersion::versionId)
                .containsExactly("null", one.versionId());
        assertThatThrownBy(() -> version("versions", "k", "123")).matches(code("NoSuchVersion", 404));
        assertThatThrownBy(() -> s3.deleteBucket(b -> b.bucket("versions"))).matches(code("BucketNotEmpty", 409));
        s3.copyObject(b -> b.sourceBucket("versions")
                .sourceKey("k")
                .sourceVersionId(one.versionId())
                .destinationBucket("versions")
                .destinationKey("restored"));
        assertThat(get("versions", "restored")).isEqualTo("one");
    }

    @Test
    void settingsComeBackAsTheyWereMade() {
        s3.createBucket(b -> b.bucket("settings"));
        assertThatThrownBy(() -> s3.getBucketTagging(b -> b.bucket("settings"))).matches(code("NoSuchTagSet", 404));
        s3.putBucketTagging(b ->
                b.bucket("settings").tagging(t -> t.tagSet(tag -> tag.key("a").value("b"))));
        assertThat(s3.getBucketTagging(b -> b.bucket("settings")).tagSet()).hasSize(1);
        s3.deleteBucketTagging(b -> b.bucket("settings"));
        assertThatThrownBy(() -> s3.getBucketTagging(b -> b.bucket("settings"))).matches(code("NoSuchTagSet", 404));
        assertThat(s3.getBucketAcl(b -> b.bucket("settings")).grants())
                .singleElement()
                .matches(grant -> grant.permissionAsString().equals("FULL_CONTROL"));
        assertThatThrownBy(() -> s3.putBucketAcl(b -> b.bucket("settings").acl("public-read")))
                .matches(code("AccessControlListNotSupported", 400));
        assertThatThrownBy(() -> s3.getBucketEncryption(b -> b.bucket("settings")))
                .matches(code("ServerSideEncryptionConfigurationNotFoundError", 404));
        assertThatThrownBy(() -> s3.putBucketWebsite(b ->
                        b.bucket("settings").websiteConfiguration(w -> w.indexDocument(i -> i.suffix("index.html")))))
                .matches(code("NotImplemented", 501));
        assertThatThrownBy(() -> s3.putObject(
                        b -> b.bucket("settings").key("e").serverSideEncryption("AES256"), RequestBody.fromString("x")))
                .matches(code("NotImplemented", 501));
        s3.putPublicAccessBlock(
                b -> b.bucket("settings").publicAccessBlockConfiguration(p -> p.blockPublicPolicy(true)));
        assertThat(s3.getPublicAccessBlock(b -> b.bucket("settings"))
                        .publicAccessBlockConfiguration()
                        .blockPublicPolicy())
                .isTrue();
        assertThatThrownBy(() -> policy("settings", "Allow", "\"*\"", "s3:GetObject"))
                .matches(code("AccessDenied", 403));
    }

    @Test
    void policiesLetInAndKeepOut() throws Exception {
        s3.createBucket(b -> b.bucket("policies"));
        put("policies", "x", "content");
        URI object = S3Fixture.endpoint().resolve("/policies/x");
        assertThat(send(HttpRequest.newBuilder(object)).statusCode()).isEqualTo(403);
        assertThatThrownBy(() -> bob.getObjectAsBytes(b -> b.bucket("policies").key("x")))
                .matches(code("AccessDenied", 403));
        policy("policies", "Allow", "\"*\"", "s3:GetObject");
        assertThat(send(HttpRequest.newBuilder(object)).body()).isEqualTo("content");
        assertThat(s3.getBucketPolicyStatus(b -> b.bucket("policies"))
                        .policyStatus()
                        .isPublic())
                .isTrue();
        assertThat(bob.getObjectAsBytes(b -> b.bucket("policies").key("x")).asUtf8String())
                .isEqualTo("content");
        assertThatThrownBy(() -> bob.putObject(b -> b.bucket("policies").key("y"), RequestBody.fromString("y")))
                .matches(code("AccessDenied", 403));
        policy("policies", "Deny", "{\"AWS\":\"alice\"}", "s3:GetObject");
        assertThatThrownBy(() -> get("policies", "x")).matches(code("AccessDenied", 403));
        s3.deleteBucketPolicy(b -> b.bucket("policies"));
        assertThat(get("policies", "x")).isEqualTo("content");
        assertThatThrownBy(() -> s3.putBucketPolicy(b -> b.bucket("policies").policy("{\"Statement\":[]}")))
                .matches(code("MalformedPolicy", 400));
    }

    @Test
    void readersOnlyRead() {
        s3.createBucket(b -> b.bucket("readable"));
        put("readable", "x", "content");
        try (S3Client reader =
                Clients.of(S3Fixture.reader(), S3Fixture.endpoint()).build()) {
            assertThat(reader.getObjectAsBytes(b -> b.bucket("readable").key("x"))
                            .asUtf8String())
                    .isEqualTo("content");
            assertThat(reader.listObjectsV2(b -> b.bucket("readable")).contents())
                    .hasSize(1);
            assertThatThrownBy(
                            () -> reader.deleteObject(b -> b.bucket("readable").key("x")))
                    .matches(code("AccessDenied", 403));
            assertThatThrownBy(() -> reader.createBucket(b -> b.bucket("readers-own")))
                    .matches(code("AccessDenied", 403));
            assertThatThrownBy(() -> reader.getBucketPolicy(b -> b.bucket("readable")))
                    .matches(code("AccessDenied", 403));
        }
    }

    @Test
    void browsersAskFirst() throws Exception {
        s3.createBucket(b -> b.bucket("cors"));
        s3.putBucketCors(b -> b.bucket("cors")
                .corsConfiguration(c -> c.corsRules(r -> r.allowedMethods("PUT")
                        .allowedOrigins("https://*.example.org")
                        .allowedHeaders("x-*")
                        .exposeHeaders("ETag")
                        .maxAgeSeconds(60))));
        assertThat(s3.getBucketCors(b -> b.bucket("cors")).corsRules()).hasSize(1);
        HttpResponse<String> allowed = preflight("https://a.example.org", "PUT");
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains("https://a.example.org");
        assertThat(allowed.headers().firstValue("Access-Control-Max-Age")).contains("60");
        assertThat(preflight("https://evil.example.com", "PUT").statusCode()).isEqualTo(403);
        assertThat(preflight("https://a.example.org", "DELETE").statusCode()).isEqualTo(403);
    }

    @Test
    void lifecycleRulesExpireObjectsVersionsAndUploads() {
        s3.createBucket(b -> b.bucket("lifecycle"));
        put("lifecycle", "keep/x", "1");
        put("lifecycle", "tmp/x", "1");
        s3.createMultipartUpload(b -> b.bucket("lifecycle").key("tmp/upload"));
        s3.putBucketLifecycleConfiguration(b -> b.bucket("lifecycle")
                .lifecycleConfiguration(c -> c.rules(r -> r.id("tmp")
                        .status("Enabled")
                        .filter(f -> f.prefix("tmp/"))
                        .expiration(e -> e.days(1))
                        .abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(1)))));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(s3.listObjectsV2(b -> b.bucket("lifecycle")).contents())
                    .singleElement()
                    .matches(object -> object.key().equals("keep/x"));
            assertThat(s3.listMultipartUploads(b -> b.bucket("lifecycle")).uploads())
                    .isEmpty();
        });
        assertThat(s3.getBucketLifecycleConfiguration(b -> b.bucket("lifecycle"))
                        .rules())
                .singleElement()
                .matches(rule -> rule.id().equals("tmp"));
        s3.deleteBucketLifecycle(b -> b.bucket("lifecycle"));
        assertThatThrownBy(() -> s3.getBucketLifecycleConfiguration(b -> b.bucket("lifecycle")))
                .matches(code("NoSuchLifecycleConfiguration", 404));
    }

    @Test
    void lockedVersionsStay() {
        s3.createBucket(b -> b.bucket("locked").objectLockEnabledForBucket(true));
        assertThat(s3.getObjectLockConfiguration(b -> b.bucket("locked"))
                        .objectLockConfiguration()
                        .objectLockEnabledAsString())
                .isEqualTo("Enabled");
        assertThatThrownBy(() -> versioning("locked", BucketVersioningStatus.SUSPENDED))
                .matches(code("InvalidBucketState", 409));
        Instant until = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        String id = s3.putObject(
                        b -> b.bucket("locked")
                                .key("g")
                                .objectLockMode(ObjectLockMode.GOVERNANCE)
                                .objectLockRetainUntilDate(until),
                        RequestBody.fromString("x"))
                .versionId();
        assertThat(s3.headObject(b -> b.bucket("locked").key("g")).objectLockRetainUntilDate())
                .isEqualTo(until);
        assertThatThrownBy(
                        () -> s3.deleteObject(b -> b.bucket("locked").key("g").versionId(id)))
                .matches(code("AccessDenied", 403));
        s3.putObjectLegalHold(b -> b.bucket("locked").key("g").legalHold(h -> h.status(ObjectLockLegalHoldStatus.ON)));
        assertThatThrownBy(() -> s3.deleteObject(
                        b -> b.bucket("locked").key("g").versionId(id).bypassGovernanceRetention(true)))
                .matches(code("AccessDenied", 403));
        s3.putObjectLegalHold(b -> b.bucket("locked").key("g").legalHold(h -> h.status(ObjectLockLegalHoldStatus.OFF)));
        assertThat(s3.getObjectRetention(b -> b.bucket("locked").key("g"))
                        .retention()
                        .modeAsString())
                .isEqualTo("GOVERNANCE");
        s3.deleteObject(b -> b.bucket("locked").key("g").versionId(id).bypassGovernanceRetention(true));
        assertThat(s3.listObjectVersions(b -> b.bucket("locked")).versions()).isEmpty();
        assertThatThrownBy(() -> s3.putObjectRetention(b -> b.bucket("locked")
                        .key("g")
                        .retention(r -> r.mode("GOVERNANCE").retainUntilDate(until))))
                .matches(code("NoSuchKey", 404));
    }

    private static PutObjectResponse put(String bucket, String key, String content) {
        return s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    private static String get(String bucket, String key) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asUtf8String();
    }

    private static String version(String bucket, String key, String id) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key).versionId(id)).asUtf8String();
    }

    private static void versioning(String bucket, BucketVersioningStatus status) {
        s3.putBucketVersioning(b -> b.bucket(bucket).versioningConfiguration(v -> v.status(status)));
    }

    private static void policy(String bucket, String effect, String principal, String action) {
        String json =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"%s\",\"Principal\":%s,\"Action\":\"%s\","
                        + "\"Resource\":\"arn:aws:s3:::%s/*\"}]}";
        s3.putBucketPolicy(b -> b.bucket(bucket).policy(json.formatted(effect, principal, action, bucket)));
    }

    private static HttpResponse<String> preflight(String origin, String method) throws Exception {
        return send(HttpRequest.newBuilder(S3Fixture.endpoint().resolve("/cors/key"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "x-amz-date"));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
