package io.moorage.api.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.lock.ObjectLockConfiguration;
import io.moorage.api.s3.lock.ObjectLockConfiguration.DefaultRetention;
import io.moorage.api.s3.lock.Retention;
import io.moorage.api.s3.lock.RetentionMode;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.api.s3.xml.MultipartAnswers.Checksum;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final String NS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    private static final Instant TIME = Instant.parse("2024-01-02T03:04:05.678Z");
    private static final String DATE = "2024-01-02T03:04:05.678Z";
    private static final Owner OWNER = new Owner("id", "ann");
    private static final String OWNED = "<ID>id</ID><DisplayName>ann</DisplayName>";

    private static String text(XmlDocument document) {
        String text = new String(document.bytes(), StandardCharsets.UTF_8);
        assertThat(text).startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return text.substring(text.indexOf('\n') + 1);
    }

    @Test
    void errors() {
        S3Exception error = new S3Exception(S3ErrorCode.NO_SUCH_KEY).with("Key", "a<b\u0001\r😀");
        assertThat(text(ErrorDocument.of(error, "/b/a", "req", "host")))
                .isEqualTo(
                        "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>"
                                + "<Key>a&lt;b&#x1;&#xD;😀</Key><Resource>/b/a</Resource><RequestId>req</RequestId><HostId>host</HostId></Error>");
    }

    @Test
    void listsOfObjects() {
        Listing.ObjectItem object = new Listing.ObjectItem(
                "a b/c",
                TIME,
                "e",
                5,
                "STANDARD",
                Optional.of(OWNER),
                Optional.of(ChecksumAlgorithm.CRC32),
                Optional.of(ChecksumType.FULL_OBJECT));
        Listing.Page page =
                new Listing.Page("bucket", "a ", "/", 10, true, true, List.of(object), List.of("a b/", "a+/"));
        String contents = "<Contents><Key>a%20b/c</Key><LastModified>" + DATE + "</LastModified><ETag>\"e\"</ETag>"
                + "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size>"
                + "<Owner>" + OWNED + "</Owner><StorageClass>STANDARD</StorageClass></Contents>"
                + "<CommonPrefixes><Prefix>a%20b/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>a%2B/</Prefix></CommonPrefixes>";
        String tail =
                "<Delimiter>/</Delimiter><MaxKeys>10</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>";
        assertThat(text(Listing.objects(page, "m", "n")))
                .isEqualTo("<ListBucketResult" + NS + "><Name>bucket</Name><Prefix>a%20</Prefix><Marker>m</Marker>"
                        + "<NextMarker>n</NextMarker>" + tail + contents + "</ListBucketResult>");
        assertThat(text(Listing.objectsV2(page, Optional.empty(), Optional.of("tok"), "s")))
                .isEqualTo("<ListBucketResult" + NS
                        + "><Name>bucket</Name><Prefix>a%20</Prefix><StartAfter>s</StartAfter>"
                        + "<NextContinuationToken>tok</NextContinuationToken><KeyCount>3</KeyCount>" + tail + contents
                        + "</ListBucketResult>");
    }

    @Test
    void listsOfVersionsAndBuckets() {
        Listing.ObjectItem object = new Listing.ObjectItem(
                "k", TIME, "e", 5, "STANDARD", Optional.empty(), Optional.empty(), Optional.empty());
        Listing.VersionPage page = new Listing.VersionPage(
                "b",
                "",
                "",
                "",
                "",
                "k",
                "1",
                2,
                true,
                false,
                List.of(
                        new Listing.VersionItem(object, "2", true, true, OWNER),
                        new Listing.VersionItem(object, "null", false, false, OWNER)),
                List.of());
        assertThat(text(page))
                .isEqualTo("<ListVersionsResult" + NS
                        + "><Name>b</Name><Prefix></Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker>"
                        + "<NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker><MaxKeys>2</MaxKeys>"
                        + "<IsTruncated>true</IsTruncated><DeleteMarker><Key>k</Key><VersionId>2</VersionId><IsLatest>true</IsLatest>"
                        + "<LastModified>" + DATE + "</LastModified><Owner>" + OWNED + "</Owner></DeleteMarker>"
                        + "<Version><Key>k</Key><VersionId>null</VersionId><IsLatest>false</IsLatest><LastModified>"
                        + DATE
                        + "</LastModified><ETag>\"e\"</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass><Owner>"
                        + OWNED
                        + "</Owner></Version></ListVersionsResult>");
        assertThat(text(Listing.buckets(OWNER, List.of(new Listing.BucketItem("b", TIME)), "", Optional.empty())))
                .isEqualTo("<ListAllMyBucketsResult" + NS + "><Owner>" + OWNED
                        + "</Owner><Buckets><Bucket><Name>b</Name>" + "<CreationDate>" + DATE
                        + "</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>");
    }

    @Test
    void multipartUploads() {
        Checksum checksum = new Checksum(ChecksumAlgorithm.SHA256, "x-2", Optional.of(ChecksumType.COMPOSITE));
        assertThat(text(MultipartAnswers.completed("http://h/b/k", "b", "k", "e-2", Optional.of(checksum))))
                .isEqualTo(
                        "<CompleteMultipartUploadResult" + NS
                                + "><Location>http://h/b/k</Location><Bucket>b</Bucket><Key>k</Key><ETag>\"e-2\"</ETag>"
                                + "<ChecksumSHA256>x-2</ChecksumSHA256><ChecksumType>COMPOSITE</ChecksumType></CompleteMultipartUploadResult>");
        assertThat(text(MultipartAnswers.initiated("b", "k", "u"))).contains("<UploadId>u</UploadId>");
        assertThat(text(new MultipartAnswers.PartPage(
                        "b",
                        "k",
                        "u",
                        OWNER,
                        "STANDARD",
                        0,
                        Optional.of(1),
                        1,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new MultipartAnswers.PartItem(1, TIME, "e", 5, Optional.empty())))))
                .contains(
                        "<NextPartNumberMarker>1</NextPartNumberMarker><MaxParts>1</MaxParts><IsTruncated>true</IsTruncated>"
                                + "<Part><PartNumber>1</PartNumber><LastModified>" + DATE
                                + "</LastModified><ETag>\"e\"</ETag><Size>5</Size></Part>");
        assertThat(text(new MultipartAnswers.UploadPage(
                        "b",
                        "",
                        "",
                        "",
                        "",
                        "p",
                        "",
                        5,
                        false,
                        true,
                        List.of(new MultipartAnswers.UploadItem(
                                "p q", "u", OWNER, "STANDARD", TIME, Optional.empty(), Optional.empty())),
                        List.of())))
                .contains("<Upload><Key>p%20q</Key><UploadId>u</UploadId><Initiator>" + OWNED + "</Initiator><Owner>"
                        + OWNED + "</Owner><StorageClass>STANDARD</StorageClass><Initiated>" + DATE
                        + "</Initiated></Upload>");
    }

    @Test
    void objects() {
        assertThat(text(ObjectAnswers.copied(TIME, "e", Optional.empty())))
                .isEqualTo("<CopyObjectResult" + NS + "><LastModified>" + DATE
                        + "</LastModified><ETag>\"e\"</ETag></CopyObjectResult>");
        List<ObjectAnswers.Deleted> deleted = List.of(
                new ObjectAnswers.Deleted("a", Optional.empty(), true, Optional.of("9"), Optional.empty()),
                new ObjectAnswers.Deleted(
                        "b",
                        Optional.of("1"),
                        false,
                        Optional.empty(),
                        Optional.of(new S3Exception(S3ErrorCode.ACCESS_DENIED))));
        String error =
                "<Error><Key>b</Key><VersionId>1</VersionId><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
        assertThat(text(ObjectAnswers.deleted(deleted, true)))
                .isEqualTo("<DeleteResult" + NS + ">" + error + "</DeleteResult>");
        assertThat(text(ObjectAnswers.deleted(deleted, false)))
                .isEqualTo("<DeleteResult" + NS + "><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker>"
                        + "<DeleteMarkerVersionId>9</DeleteMarkerVersionId></Deleted>" + error + "</DeleteResult>");
        assertThat(text(ObjectAnswers.tagging(new Tags(Map.of("k", "v")))))
                .isEqualTo("<Tagging" + NS + "><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>");
        assertThat(text(ObjectAnswers.retention(new Retention(RetentionMode.GOVERNANCE, TIME))))
                .contains("<Mode>GOVERNANCE</Mode><RetainUntilDate>" + DATE + "</RetainUntilDate>");
        assertThat(text(ObjectAnswers.legalHold(true))).contains("<Status>ON</Status>");
        assertThat(text(new ObjectAnswers.Attributes(
                        Optional.of("e-2"),
                        Optional.empty(),
                        Optional.of(new ObjectAnswers.Parts(2, 0, Optional.empty(), 1000, List.of())),
                        Optional.empty(),
                        Optional.of(7L))))
                .isEqualTo(
                        "<GetObjectAttributesResponse" + NS + "><ETag>e-2</ETag><ObjectParts><PartsCount>2</PartsCount>"
                                + "<PartNumberMarker>0</PartNumberMarker><MaxParts>1000</MaxParts><IsTruncated>false</IsTruncated></ObjectParts>"
                                + "<ObjectSize>7</ObjectSize></GetObjectAttributesResponse>");
        assertThat(text(ObjectAnswers.posted("l", "b", "k", "e"))).startsWith("<PostResponse><Location>l</Location>");
    }

    @Test
    void buckets() {
        assertThat(text(BucketAnswers.location(""))).isEqualTo("<LocationConstraint" + NS + "></LocationConstraint>");
        assertThat(text(BucketAnswers.location("vol"))).contains(">vol<");
        assertThat(text(BucketAnswers.versioning(Optional.empty()))).doesNotContain("Status");
        assertThat(text(BucketAnswers.versioning(Optional.of(false)))).contains("<Status>Suspended</Status>");
        assertThat(text(BucketAnswers.objectLock(new ObjectLockConfiguration(Optional.of(
                        new DefaultRetention(RetentionMode.GOVERNANCE, Optional.empty(), Optional.of(2)))))))
                .contains("<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Years>2</Years></DefaultRetention></Rule>");
        assertThat(text(BucketAnswers.ownersAcl(OWNER)))
                .contains("<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">"
                        + OWNED);
        assertThat(text(BucketAnswers.publicAccessBlock(
                        new BucketDocuments.PublicAccessBlock(true, false, true, false))))
                .contains("<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls>");
        assertThat(text(BucketAnswers.encryption(true)))
                .contains("AES256", "<BucketKeyEnabled>true</BucketKeyEnabled>");
        assertThat(text(BucketAnswers.ownership("BucketOwnerEnforced"))).contains("BucketOwnerEnforced");
        assertThat(text(BucketAnswers.policyStatus(true))).contains("<IsPublic>true</IsPublic>");
        assertThat(text(BucketAnswers.requestPayment())).contains("<Payer>BucketOwner</Payer>");
        assertThat(text(BucketAnswers.empty("BucketLoggingStatus"))).startsWith("<BucketLoggingStatus");
    }
}
