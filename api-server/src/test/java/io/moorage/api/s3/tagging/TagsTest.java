package io.moorage.api.s3.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.xml.BucketDocuments;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagsTest {
    @Test
    void headers() {
        assertThat(Tags.parseHeader("b=2&a=x%2By+z&c").tags())
                .containsExactly(Map.entry("a", "x+y z"), Map.entry("b", "2"), Map.entry("c", ""));
        for (Object[] bad : new Object[][] {
            {"a=1&a=2", S3ErrorCode.INVALID_TAG},
            {"=1", S3ErrorCode.INVALID_TAG},
            {"aws:x=1", S3ErrorCode.INVALID_TAG},
            {"a=%3C", S3ErrorCode.INVALID_TAG},
            {"k".repeat(129) + "=1", S3ErrorCode.INVALID_TAG},
            {"k=" + "v".repeat(257), S3ErrorCode.INVALID_TAG},
            {"a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1", S3ErrorCode.BAD_REQUEST},
            {"a=%", S3ErrorCode.INVALID_ARGUMENT},
        }) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> Tags.parseHeader((String) bad[0]))
                            .code())
                    .as((String) bad[0])
                    .isEqualTo(bad[1]);
        }
        assertThat(Tags.parseHeader("k".repeat(128) + "=" + "v".repeat(256)).size())
                .isEqualTo(1);
    }

    @Test
    void documents() {
        for (String bad : new String[] {
            "<Tagging/>",
            "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>",
            "<Tagging><TagSet/><TagSet/></Tagging>",
            "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value><X/></Tag></TagSet></Tagging>"
        }) {
            assertThat(catchThrowableOfType(
                                    S3Exception.class,
                                    () -> BucketDocuments.tagging(
                                            new ByteArrayInputStream(bad.getBytes(StandardCharsets.UTF_8)), 10))
                            .code())
                    .as(bad)
                    .isEqualTo(S3ErrorCode.MALFORMED_XML);
        }
    }
}
