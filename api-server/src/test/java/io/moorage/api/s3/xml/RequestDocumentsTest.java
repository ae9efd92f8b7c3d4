package io.moorage.api.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.lock.ObjectLockConfiguration.DefaultRetention;
import io.moorage.api.s3.lock.Retention;
import io.moorage.api.s3.lock.RetentionMode;
import io.moorage.api.s3.xml.ObjectDocuments.CompletedPart;
import io.moorage.api.s3.xml.ObjectDocuments.Deletion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestDocumentsTest {
    private static final String NS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    interface Reading {
        Object read(InputStream in) throws IOException;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static S3ErrorCode refused(String text, Reading reading) {
        return catchThrowableOfType(S3Exception.class, () -> reading.read(stream(text)))
                .code();
    }

    @Test
    void createBucket() throws IOException {
        BucketDocuments.CreateBucket read =
                BucketDocuments.createBucket(stream("<?xml version=\"1.0\"?><CreateBucketConfiguration"
                        + NS
                        + "><LocationConstraint>vol-1</LocationConstraint><Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>"
                        + "</CreateBucketConfiguration>"));
        assertThat(read.location()).isEqualTo("vol-1");
        assertThat(read.tags().tags()).containsExactly(Map.entry("a", "b"));
        assertThat(BucketDocuments.createBucket(stream("<CreateBucketConfiguration/>"))
                        .location())
                .isEmpty();
        assertThat(refused(
                        "<CreateBucketConfiguration><Location/></CreateBucketConfiguration>",
                        BucketDocuments::createBucket))
                .isEqualTo(S3ErrorCode.NOT_IMPLEMENTED);
    }

    @Test
    void deletions() throws IOException {
        ObjectDocuments.Delete read = ObjectDocuments.delete(
                stream(
                        "<Delete" + NS
                                + "><Object><Key> a&amp;b </Key></Object>\n<Object><Key>k</Key><VersionId>7</VersionId><ETag>\"e\"</ETag>"
                                + "<LastModifiedTime>2024-01-02T03:04:05.000Z</LastModifiedTime><Size>5</Size></Object><Quiet>true</Quiet></Delete>"));
        assertThat(read.quiet()).isTrue();
        assertThat(read.objects())
                .containsExactly(
                        new Deletion(" a&b ", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        new Deletion(
                                "k",
                                Optional.of("7"),
                                Optional.of("e"),
                                Optional.of(Instant.parse("2024-01-02T03:04:05Z")),
                                Optional.of(5L)));
        String object = "<Object><Key>k</Key></Object>";
        assertThat(ObjectDocuments.delete(stream("<Delete>" + object.repeat(1000) + "</Delete>"))
                        .objects())
                .hasSize(1000);
        for (String bad : List.of(
                "<Delete>" + object.repeat(1001) + "</Delete>",
                "<Delete/>",
                "<Delete><Object/></Delete>",
                "<Delete><Object><Key/></Object></Delete>",
                "<Delete><Object><Key><b/></Key></Object></Delete>",
                "<Delete>text<Object><Key>k</Key></Object></Delete>",
                "<Delete><Object><Key>k</Key></Object>",
                "<Other/>",
                "<Delete><Object><Key>k</Key></Object></Delete>x")) {
            assertThat(refused(bad, ObjectDocuments::delete)).as(bad).isEqualTo(S3ErrorCode.MALFORMED_XML);
        }
        assertThat(refused("", ObjectDocuments::delete)).isEqualTo(S3ErrorCode.MISSING_REQUEST_BODY);
        assertThat(ObjectDocuments.delete(stream("\uFEFF<?xml version=\"1.0\"?><Delete>" + object + "</Delete>"))
                        .objects())
                .hasSize(1);
    }

    @Test
    void completions() throws IOException {
        assertThat(ObjectDocuments.complete(stream("<CompleteMultipartUpload" + NS
                        + "><Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part>"
                        + "<Part><ChecksumCRC32C>sOO8/Q==</ChecksumCRC32C><ETag>b</ETag><PartNumber>10000</PartNumber></Part>"
                        + "</CompleteMultipartUpload>")))
                .containsExactly(
                        new CompletedPart(1, "a", Map.of()),
                        new CompletedPart(10000, "b", Map.of(ChecksumAlgorithm.CRC32C, "sOO8/Q==")));
        String twice = "<Part><PartNumber>2</PartNumber><ETag>a</ETag></Part>".repeat(2);
        assertThat(refused(
                        "<CompleteMultipartUpload>" + twice + "</CompleteMultipartUpload>", ObjectDocuments::complete))
                .isEqualTo(S3ErrorCode.INVALID_PART_ORDER);
        assertThat(refused("<CompleteMultipartUpload/>", ObjectDocuments::complete))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
        assertThat(refused(
                        "<CompleteMultipartUpload><Part><PartNumber>10001</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
                        ObjectDocuments::complete))
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        StringBuilder all = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 1; i <= 10_000; i++) {
            all.append("<Part><PartNumber>")
                    .append(i)
                    .append("</PartNumber><ETag>")
                    .append("0".repeat(32));
            all.append("</ETag><ChecksumSHA256>").append("A".repeat(44)).append("</ChecksumSHA256></Part>");
        }
        assertThat(ObjectDocuments.complete(stream(all + "</CompleteMultipartUpload>")))
                .hasSize(10_000);
    }

    @Test
    void settingsOfBuckets() throws IOException {
        assertThat(BucketDocuments.versioningEnabled(stream(
                        "<VersioningConfiguration" + NS + "><Status>Enabled</Status></VersioningConfiguration>")))
                .isTrue();
        assertThat(BucketDocuments.versioningEnabled(
                        stream("<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>")))
                .isFalse();
        assertThat(refused("<VersioningConfiguration/>", BucketDocuments::versioningEnabled))
                .isEqualTo(S3ErrorCode.ILLEGAL_VERSIONING_CONFIGURATION);
        assertThat(refused(
                        "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>",
                        BucketDocuments::versioningEnabled))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
        assertThat(refused(
                        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>",
                        BucketDocuments::versioningEnabled))
                .isEqualTo(S3ErrorCode.NOT_IMPLEMENTED);
        assertThat(
                        BucketDocuments.publicAccessBlock(
                                stream(
                                        "<PublicAccessBlockConfiguration><BlockPublicPolicy>TRUE</BlockPublicPolicy></PublicAccessBlockConfiguration>")))
                .isEqualTo(new BucketDocuments.PublicAccessBlock(false, false, true, false));
        String sse =
                "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>%s</SSEAlgorithm>"
                        + "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>";
        assertThat(BucketDocuments.encryption(stream(sse.formatted("AES256")))).isFalse();
        assertThat(refused(sse.formatted("aws:kms"), BucketDocuments::encryption))
                .isEqualTo(S3ErrorCode.NOT_IMPLEMENTED);
        assertThat(refused(sse.formatted("ROT13"), BucketDocuments::encryption)).isEqualTo(S3ErrorCode.MALFORMED_XML);
        String ownership = "<OwnershipControls><Rule><ObjectOwnership>%s</ObjectOwnership></Rule></OwnershipControls>";
        assertThat(BucketDocuments.ownership(stream(ownership.formatted("BucketOwnerEnforced"))))
                .isEqualTo("BucketOwnerEnforced");
        assertThat(refused(ownership.formatted("Nobody"), BucketDocuments::ownership))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
    }

    @Test
    void locks() throws IOException {
        String lock =
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>%s"
                        + "</DefaultRetention></Rule></ObjectLockConfiguration>";
        assertThat(BucketDocuments.objectLock(stream(lock.formatted("<Mode>COMPLIANCE</Mode><Days>3</Days>")))
                        .rule())
                .contains(new DefaultRetention(RetentionMode.COMPLIANCE, Optional.of(3), Optional.empty()));
        for (String bad : List.of(
                "<Mode>COMPLIANCE</Mode>",
                "<Days>3</Days>",
                "<Mode>COMPLIANCE</Mode><Days>3</Days><Years>1</Years>",
                "<Mode>compliance</Mode><Days>3</Days>",
                "<Mode>COMPLIANCE</Mode><Days>three</Days>")) {
            assertThat(refused(lock.formatted(bad), BucketDocuments::objectLock))
                    .as(bad)
                    .isEqualTo(S3ErrorCode.MALFORMED_XML);
        }
        assertThat(refused(lock.formatted("<Mode>GOVERNANCE</Mode><Days>0</Days>"), BucketDocuments::objectLock))
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        assertThat(refused(lock.formatted("<Mode>GOVERNANCE</Mode><Years>101</Years>"), BucketDocuments::objectLock))
                .isEqualTo(S3ErrorCode.INVALID_RETENTION_PERIOD);
        assertThat(
                        ObjectDocuments.retention(
                                stream(
                                        "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate></Retention>")))
                .contains(new Retention(RetentionMode.GOVERNANCE, Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(ObjectDocuments.retention(stream("<Retention/>"))).isEmpty();
        assertThat(refused("<Retention><Mode>GOVERNANCE</Mode></Retention>", ObjectDocuments::retention))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
        assertThat(ObjectDocuments.legalHold(stream("<LegalHold><Status>ON</Status></LegalHold>")))
                .isTrue();
        assertThat(refused("<LegalHold><Status>on</Status></LegalHold>", ObjectDocuments::legalHold))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
    }

    @Test
    void accessControlLists() throws IOException {
        String acl = "<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList><Grant>"
                + "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>%s</ID></Grantee>"
                + "<Permission>%s</Permission></Grant></AccessControlList></AccessControlPolicy>";
        assertThat(AccessControlDocument.read(stream(acl.formatted("o", "FULL_CONTROL")))
                        .isOwnersAlone("o"))
                .isTrue();
        assertThat(AccessControlDocument.read(stream(acl.formatted("x", "FULL_CONTROL")))
                        .isOwnersAlone("o"))
                .isFalse();
        assertThat(AccessControlDocument.read(stream(acl.formatted("o", "READ")))
                        .isOwnersAlone("o"))
                .isFalse();
        assertThat(refused(acl.formatted("o", "ALL"), AccessControlDocument::read))
                .isEqualTo(S3ErrorCode.MALFORMED_ACL);
        assertThat(AccessControlDocument.cannedIsOwnersAlone("private")).isTrue();
        assertThat(AccessControlDocument.cannedIsOwnersAlone("public-read")).isFalse();
        assertThat(catchThrowableOfType(S3Exception.class, () -> AccessControlDocument.cannedIsOwnersAlone("mine"))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void nothingFromOutsideAndNothingWithoutEnd() {
        String laughs = "<!DOCTYPE Delete [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
        for (String bad : List.of(
                laughs + "<Delete><Object><Key>&b;</Key></Object></Delete>",
                "<!DOCTYPE Delete SYSTEM \"file:///etc/passwd\"><Delete><Object><Key>k</Key></Object></Delete>",
                "<!DOCTYPE Delete [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Delete><Object><Key>&x;</Key></Object></Delete>",
                "<Delete><Object><Key>&undefined;</Key></Object></Delete>",
                "<Delete><Object><Key>" + "<a>".repeat(100_000))) {
            assertThat(refused(bad, ObjectDocuments::delete))
                    .as(bad.substring(0, 40))
                    .isEqualTo(S3ErrorCode.MALFORMED_XML);
        }
        // Skipped elements are counted as well.
        assertThat(refused("<AccessControlPolicy><Owner><x>" + "<a>".repeat(50), AccessControlDocument::read))
                .isEqualTo(S3ErrorCode.MALFORMED_ACL);
        InputStream endless = new InputStream() {
            private long at;

            @Override
            public int read() {
                String begin = "<Delete><Object><Key>";
                return at < begin.length() ? begin.charAt((int) at++) : 'a';
            }
        };
        assertThat(catchThrowableOfType(S3Exception.class, () -> ObjectDocuments.delete(endless))
                        .code())
                .isEqualTo(S3ErrorCode.MAX_MESSAGE_LENGTH_EXCEEDED);
    }

    @Test
    void aBrokenConnectionIsNoBadDocument() {
        InputStream broken = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                String begin = "<Delete><Object><Key>";
                if (at == begin.length()) {
                    throw new IOException("reset");
                }
                return begin.charAt(at++);
            }
        };
        assertThat(catchThrowable(() -> ObjectDocuments.delete(broken)))
                .isInstanceOf(IOException.class)
                .hasMessage("reset");
    }
}
