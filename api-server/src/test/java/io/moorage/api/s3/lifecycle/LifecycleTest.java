package io.moorage.api.s3.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.xml.LifecycleDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Instant WRITTEN = Instant.parse("2024-01-15T10:30:00Z");

    private static LifecycleConfiguration read(String rules) throws IOException {
        return LifecycleDocument.read(new ByteArrayInputStream(
                ("<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>").getBytes(StandardCharsets.UTF_8)));
    }

    private static LifecycleEvaluation evaluation(String rules) throws IOException {
        return new LifecycleEvaluation(read(rules), Duration.ofDays(1));
    }

    private static String rule(String filter, String actions) {
        return "<Rule><Status>Enabled</Status>" + filter + actions + "</Rule>";
    }

    private static LifecycleObject object(String key, long size) {
        return new LifecycleObject(key, size, Map.of("class", "log"), WRITTEN);
    }

    private static Instant day(int day) {
        return Instant.parse("2024-01-%02dT00:00:00Z".formatted(day));
    }

    @Test
    void expirationIsAtTheNextMidnightAfterTheDays() throws IOException {
        // The user guide's example: three days from 15 January 10:30 is 19 January 00:00.
        LifecycleEvaluation evaluation =
                evaluation(rule("<Filter><Prefix>logs/</Prefix></Filter>", "<Expiration><Days>3</Days></Expiration>"));
        LifecycleObject object = object("logs/a", 1);

        assertThat(evaluation.expiry(object).orElseThrow().header())
                .isEqualTo("expiry-date=\"Fri, 19 Jan 2024 00:00:00 GMT\", rule-id=\"rule-1\"");
        assertThat(evaluation.expires(object, day(19).minusMillis(1))).isFalse();
        assertThat(evaluation.expires(object, day(19))).isTrue();
        assertThat(evaluation.expiry(object("log", 1))).isEmpty();
    }

    @Test
    void theEarliestRuleCountsAndDisabledOnesDoNot() throws IOException {
        LifecycleEvaluation evaluation = evaluation(rule("<Prefix/>", "<Expiration><Days>9</Days></Expiration>")
                + rule("<Prefix/>", "<ID>date</ID><Expiration><Date>2024-01-17T00:00:00Z</Date></Expiration>")
                + "<Rule><ID>off</ID><Status>Disabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>");
        assertThat(evaluation.expiry(object("a", 1)).orElseThrow())
                .isEqualTo(new LifecycleEvaluation.Expiry(day(17), "date"));
    }

    @Test
    void filters() throws IOException {
        String expire = "<Expiration><Days>1</Days></Expiration>";
        String tag = "<Tag><Key>class</Key><Value>%s</Value></Tag>";
        for (Object[] filter : new Object[][] {
            {"<Filter/>", true},
            {"<Filter>" + tag.formatted("log") + "</Filter>", true},
            {"<Filter>" + tag.formatted("doc") + "</Filter>", false},
            {"<Filter><ObjectSizeGreaterThan>9</ObjectSizeGreaterThan></Filter>", true},
            {"<Filter><ObjectSizeGreaterThan>10</ObjectSizeGreaterThan></Filter>", false},
            {"<Filter><ObjectSizeLessThan>10</ObjectSizeLessThan></Filter>", false},
            {"<Filter><And><Prefix>b</Prefix>" + tag.formatted("log") + "</And></Filter>", false},
            {"<Filter><And><Prefix>a</Prefix>" + tag.formatted("log") + "</And></Filter>", true},
        }) {
            assertThat(evaluation(rule((String) filter[0], expire)).expires(object("a", 10), day(20)))
                    .as((String) filter[0])
                    .isEqualTo(filter[1]);
        }
    }

    @Test
    void noncurrentVersionsButTheNewestStay() throws IOException {
        LifecycleEvaluation evaluation = evaluation(
                rule(
                        "<Filter/>",
                        "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration>"));
        assertThat(evaluation.expiresNoncurrent(object("a", 1), 2, day(17))).isTrue();
        assertThat(evaluation.expiresNoncurrent(object("a", 1), 1, day(17))).isFalse();
        assertThat(evaluation.expiresNoncurrent(object("a", 1), 2, day(16))).isFalse();
        assertThat(evaluation.expires(object("a", 1), day(31))).isFalse();
    }

    @Test
    void markersAndUploads() throws IOException {
        LifecycleObject marker = new LifecycleObject("a", 0, Map.of(), WRITTEN);
        assertThat(evaluation(rule(
                                "<Filter/>",
                                "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"))
                        .removesLoneMarker(marker, WRITTEN))
                .isTrue();
        LifecycleEvaluation days = evaluation(rule("<Filter/>", "<Expiration><Days>1</Days></Expiration>"));
        assertThat(days.removesLoneMarker(marker, day(16))).isFalse();
        assertThat(days.removesLoneMarker(marker, day(17))).isTrue();
        LifecycleEvaluation uploads = evaluation(
                rule(
                        "<Filter><Prefix>a</Prefix></Filter>",
                        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>"));
        assertThat(uploads.abort("ab", WRITTEN).orElseThrow().at()).isEqualTo(day(18));
        assertThat(uploads.abort("b", WRITTEN)).isEmpty();
    }

    @Test
    void aDayCanBeShorter() throws IOException {
        LifecycleEvaluation evaluation = new LifecycleEvaluation(
                read(rule("<Filter/>", "<Expiration><Days>3</Days></Expiration>")), Duration.ofSeconds(10));
        assertThat(evaluation.expiry(object("a", 1)).orElseThrow().at()).isEqualTo(WRITTEN.plusSeconds(30));
        assertThat(evaluation
                        .expiry(new LifecycleObject("a", 1, Map.of(), WRITTEN.plusMillis(1)))
                        .orElseThrow()
                        .at())
                .isEqualTo(WRITTEN.plusSeconds(40));
    }

    @Test
    void documentsGoRound() throws IOException {
        LifecycleConfiguration configuration = read(
                rule("<Prefix>old</Prefix>", "<ID>one</ID><Expiration><Days>3</Days></Expiration>")
                        + rule(
                                "<Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></And></Filter>",
                                "<Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration><NoncurrentVersionExpiration><NoncurrentDays>4</NoncurrentDays></NoncurrentVersionExpiration>")
                        + rule(
                                "<Filter><Prefix></Prefix></Filter>",
                                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>"));
        assertThat(configuration.rules()).extracting(LifecycleRule::id).containsExactly("one", "rule-2", "rule-3");
        assertThat(LifecycleDocument.read(new ByteArrayInputStream(
                        LifecycleDocument.of(configuration).bytes())))
                .isEqualTo(configuration);
    }

    @Test
    void refusals() {
        String days = "<Expiration><Days>1</Days></Expiration>";
        String tag = "<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>";
        for (Object[] bad : new Object[][] {
            {"", S3ErrorCode.MALFORMED_XML},
            {rule("", days), S3ErrorCode.MALFORMED_XML},
            {rule("<Filter/><Prefix/>", days), S3ErrorCode.MALFORMED_XML},
            {rule("<Filter/>", ""), S3ErrorCode.INVALID_REQUEST},
            {"<Rule><Filter/>" + days + "</Rule>", S3ErrorCode.MALFORMED_XML},
            {rule("<Filter/>", "<Expiration><Days>0</Days></Expiration>"), S3ErrorCode.INVALID_ARGUMENT},
            {
                rule(
                        "<Filter/>",
                        "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"),
                S3ErrorCode.MALFORMED_XML
            },
            {
                rule("<Filter/>", "<Expiration><Date>2024-01-01T01:00:00Z</Date></Expiration>"),
                S3ErrorCode.INVALID_ARGUMENT
            },
            {
                rule("<Filter/>", "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"),
                S3ErrorCode.NOT_IMPLEMENTED
            },
            {
                rule("<Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>", days),
                S3ErrorCode.MALFORMED_XML
            },
            {
                rule(
                        tag,
                        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>"),
                S3ErrorCode.INVALID_REQUEST
            },
            {
                rule("<Filter/>", "<ID>a</ID>" + days) + rule("<Filter/>", "<ID>a</ID>" + days),
                S3ErrorCode.INVALID_ARGUMENT
            },
        }) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> read((String) bad[0]))
                            .code())
                    .as((String) bad[0])
                    .isEqualTo(bad[1]);
        }
    }
}
