package io.moorage.it.s3;

import static io.moorage.it.s3.S3ObjectsTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.it.S3Fixture;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Multipart uploads by the AWS SDK for Java. */
@ExtendWith(S3Fixture.class)
class S3MultipartTest {
    private static final String BUCKET = "multipart-test";
    private static final int PART = 5 << 20;
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

    @Test
    void partsBecomeOneObject() throws Exception {
        String id = s3.createMultipartUpload(b ->
                        b.bucket(BUCKET).key("parts ü").contentType("text/p").metadata(java.util.Map.of("m", "1")))
                .uploadId();
        byte[] first = Clients.data(PART);
        byte[] last = Clients.data(100_001);
        List<CompletedPart> parts = List.of(part("parts ü", id, 1, first), part("parts ü", id, 7, last));
        ListPartsResponse listed =
                s3.listParts(b -> b.bucket(BUCKET).key("parts ü").uploadId(id));
        assertThat(listed.parts()).extracting(Part::partNumber).containsExactly(1, 7);
        assertThat(listed.isTruncated()).isFalse();
        assertThat(s3.listParts(
                        b -> b.bucket(BUCKET).key("parts ü").uploadId(id).maxParts(1)))
                .satisfies(page -> {
                    assertThat(page.isTruncated()).isTrue();
                    assertThat(page.nextPartNumberMarker()).isEqualTo(1);
                });
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("parts")).keyCount())
                .isZero();
        CompleteMultipartUploadResponse completed = complete("parts ü", id, parts);
        String etag = etag(first, last);
        assertThat(completed.eTag()).isEqualTo(etag);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(first);
        whole.write(last);
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("parts ü")).asByteArray())
                .isEqualTo(whole.toByteArray());
        HeadObjectResponse head =
                s3.headObject(b -> b.bucket(BUCKET).key("parts ü").partNumber(2));
        assertThat(head.contentLength()).isEqualTo(last.length);
        assertThat(head.partsCount()).isEqualTo(2);
        assertThat(head.eTag()).isEqualTo(etag);
        assertThat(head.metadata()).containsEntry("m", "1");
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("parts ü").partNumber(2))
                        .asByteArray())
                .isEqualTo(last);
        assertThatThrownBy(() ->
                        s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("parts ü").partNumber(3)))
                .matches(code("InvalidPartNumber", 416));
        assertThat(s3.getObjectAttributes(
                                b -> b.bucket(BUCKET).key("parts ü").objectAttributes(ObjectAttributes.OBJECT_PARTS))
                        .objectParts()
                        .totalPartsCount())
                .isEqualTo(2);
        // Who heard no answer asks again.
        assertThat(complete("parts ü", id, parts).eTag()).isEqualTo(etag);
        assertThat(uploads("parts")).isEmpty();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        String id =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("refused")).uploadId();
        CompletedPart small = part("refused", id, 1, new byte[10]);
        CompletedPart other = part("refused", id, 2, new byte[10]);
        assertThatThrownBy(() -> complete("refused", id, List.of(small, other))).matches(code("EntityTooSmall", 400));
        assertThatThrownBy(() -> complete("refused", id, List.of(other, small))).matches(code("InvalidPartOrder", 400));
        assertThatThrownBy(() -> complete(
                        "refused",
                        id,
                        List.of(CompletedPart.builder()
                                .partNumber(3)
                                .eTag("\"x\"")
                                .build())))
                .matches(code("InvalidPart", 400));
        assertThatThrownBy(() -> part("refused", id, 10_001, new byte[1])).matches(code("InvalidArgument", 400));
        s3.abortMultipartUpload(b -> b.bucket(BUCKET).key("refused").uploadId(id));
        assertThatThrownBy(() -> part("refused", id, 1, new byte[1])).matches(code("NoSuchUpload", 404));
        assertThatThrownBy(() -> s3.abortMultipartUpload(
                        b -> b.bucket(BUCKET).key("refused").uploadId(id)))
                .matches(code("NoSuchUpload", 404));
        assertThatThrownBy(() -> complete("refused", id, List.of(small))).matches(code("NoSuchUpload", 404));
    }

    @Test
    void completionIsConditional() {
        s3.putObject(b -> b.bucket(BUCKET).key("there"), RequestBody.fromString("x"));
        String id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key("there")).uploadId();
        CompletedPart part = part("there", id, 1, new byte[10]);
        assertThatThrownBy(() -> s3.completeMultipartUpload(b -> b.bucket(BUCKET)
                        .key("there")
                        .uploadId(id)
                        .ifNoneMatch("*")
                        .multipartUpload(m -> m.parts(part))))
                .matches(code("PreconditionFailed", 412));
        complete("there", id, List.of(part));
        assertThat(s3.headObject(b -> b.bucket(BUCKET).key("there")).contentLength())
                .isEqualTo(10);
    }

    @Test
    void checksumsOfPartsAndOfTheWhole() {
        for (ChecksumType type : List.of(ChecksumType.COMPOSITE, ChecksumType.FULL_OBJECT)) {
            String key = "sum-" + type;
            String id = s3.createMultipartUpload(b -> b.bucket(BUCKET)
                            .key(key)
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                            .checksumType(type))
                    .uploadId();
            byte[] first = Clients.data(PART);
            byte[] last = Clients.data(12_345);
            List<CompletedPart> parts = List.of(part(key, id, 1, first), part(key, id, 2, last));
            assertThat(parts)
                    .allSatisfy(part -> assertThat(part.checksumCRC32()).isNotBlank());
            CompleteMultipartUploadResponse completed = complete(key, id, parts);
            assertThat(completed.checksumType()).isEqualTo(type);
            GetObjectResponse got = s3.getObjectAsBytes(
                            b -> b.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED))
                    .response();
            assertThat(got.checksumCRC32()).isEqualTo(completed.checksumCRC32());
            assertThat(s3.getObjectAttributes(
                                    b -> b.bucket(BUCKET).key(key).objectAttributes(ObjectAttributes.OBJECT_PARTS))
                            .objectParts()
                            .parts())
                    .extracting(part -> part.checksumCRC32())
                    .isEqualTo(parts.stream().map(CompletedPart::checksumCRC32).toList());
            assertThat(s3.getObjectAsBytes(
                                    b -> b.bucket(BUCKET).key(key).partNumber(2).checksumMode(ChecksumMode.ENABLED))
                            .response()
                            .checksumCRC32())
                    .isEqualTo(parts.get(1).checksumCRC32());
            if (type == ChecksumType.FULL_OBJECT) {
                java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                crc.update(first);
                crc.update(last);
                assertThat(completed.checksumCRC32())
                        .isEqualTo(java.util.Base64.getEncoder()
                                .encodeToString(java.nio.ByteBuffer.allocate(4)
                                        .putInt((int) crc.getValue())
                                        .array()));
            } else {
                assertThat(completed.checksumCRC32()).endsWith("-2");
            }
        }
    }

    @Test
    void partsAreCopiedFromObjects() {
        byte[] source = Clients.data(PART + 1000);
        s3.putObject(b -> b.bucket(BUCKET).key("source"), RequestBody.fromBytes(source));
        String id =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("joined")).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            int partNumber = number;
            String range = number == 1 ? "bytes=0-" + (PART - 1) : "bytes=" + PART + "-" + (PART + 999);
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(s3.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                                    .sourceKey("source")
                                    .copySourceRange(range)
                                    .destinationBucket(BUCKET)
                                    .destinationKey("joined")
                                    .uploadId(id)
                                    .partNumber(partNumber))
                            .copyPartResult()
                            .eTag())
                    .build());
        }
        String etag = complete("joined", id, parts).eTag();
        assertThat(etag).isEqualTo(etag(Arrays.copyOf(source, PART), Arrays.copyOfRange(source, PART, PART + 1000)));
        s3.deleteObject(b -> b.bucket(BUCKET).key("source"));
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("joined")).asByteArray())
                .isEqualTo(source);
    }

    @Test
    void uploadsAreListed() {
        List<String> ids = new ArrayList<>();
        for (String key : List.of("u/a", "u/a", "u/b/c", "u/d")) {
            ids.add(s3.createMultipartUpload(b -> b.bucket(BUCKET).key(key)).uploadId());
        }
        assertThat(uploads("u/")).containsExactlyElementsOf(ids);
        ListMultipartUploadsResponse rolled =
                s3.listMultipartUploads(b -> b.bucket(BUCKET).prefix("u/").delimiter("/"));
        assertThat(rolled.uploads()).hasSize(3);
        assertThat(rolled.commonPrefixes()).hasSize(1);
        ListMultipartUploadsResponse page =
                s3.listMultipartUploads(b -> b.bucket(BUCKET).prefix("u/").maxUploads(1));
        assertThat(page.isTruncated()).isTrue();
        List<String> rest = s3
                .listMultipartUploads(b -> b.bucket(BUCKET)
                        .prefix("u/")
                        .keyMarker(page.nextKeyMarker())
                        .uploadIdMarker(page.nextUploadIdMarker()))
                .uploads()
                .stream()
                .map(MultipartUpload::uploadId)
                .toList();
        assertThat(rest).containsExactlyElementsOf(ids.subList(1, 4));
    }

    @Test
    void asynchronousClientSendsAndFetchesByParts(@TempDir Path directory) throws Exception {
        byte[] data = Clients.data(20 << 20);
        Path file = Files.write(directory.resolve("big"), data);
        try (S3AsyncClient async = Clients.async()) {
            async.putObject(b -> b.bucket(BUCKET).key("big"), AsyncRequestBody.fromFile(file))
                    .join();
            assertThat(s3.headObject(b -> b.bucket(BUCKET).key("big")).eTag()).contains("-");
            Path back = directory.resolve("back");
            async.getObject(b -> b.bucket(BUCKET).key("big"), AsyncResponseTransformer.toFile(back))
                    .join();
            assertThat(Files.mismatch(file, back)).isEqualTo(-1);
            async.copyObject(b -> b.sourceBucket(BUCKET)
                            .sourceKey("big")
                            .destinationBucket(BUCKET)
                            .destinationKey("big-copy"))
                    .join();
        }
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("big-copy")).asByteArray())
                .isEqualTo(data);
    }

    private static List<String> uploads(String prefix) {
        return s3.listMultipartUploads(b -> b.bucket(BUCKET).prefix(prefix)).uploads().stream()
                .map(MultipartUpload::uploadId)
                .toList();
    }

    private static CompletedPart part(String key, String id, int number, byte[] data) {
        UploadPartResponse response = s3.uploadPart(
                b -> b.bucket(BUCKET).key(key).uploadId(id).partNumber(number), RequestBody.fromBytes(data));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(response.eTag())
                .checksumCRC32(response.checksumCRC32())
                .build();
    }

    private static CompleteMultipartUploadResponse complete(String key, String id, List<CompletedPart> parts) {
        return s3.completeMultipartUpload(
                b -> b.bucket(BUCKET).key(key).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    private static String etag(byte[]... parts) {
        try {
            MessageDigest all = MessageDigest.getInstance("MD5");
            for (byte[] part : parts) {
                all.update(MessageDigest.getInstance("MD5").digest(part));
            }
            return '"' + HexFormat.of().formatHex(all.digest()) + "-" + parts.length + '"';
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
