package io.moorage.api.s3.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
    private static final Instant MODIFIED = Instant.parse("2024-05-01T10:00:00.900Z");
    private static final String SAME = "Wed, 01 May 2024 10:00:00 GMT";
    private static final String BEFORE = "Wed, 01 May 2024 09:59:59 GMT";

    private static String check(String... headers) {
        S3Exception thrown = catchThrowableOfType(
                S3Exception.class, () -> ReadConditions.of(Headers.of(headers)).check("abc", MODIFIED));
        return thrown == null
                ? "200"
                : thrown.code().status() + " " + thrown.elements().get("Condition");
    }

    @Test
    void reads() {
        assertThat(check("If-Match", "\"abc\"")).isEqualTo("200");
        assertThat(check("If-Match", "abc")).isEqualTo("200");
        assertThat(check("If-Match", "\"x\", \"abc\"")).isEqualTo("200");
        assertThat(check("If-Match", "*")).isEqualTo("200");
        assertThat(check("If-Match", "\"x\"")).isEqualTo("412 If-Match");
        assertThat(check("If-None-Match", "\"abc\"")).isEqualTo("304 If-None-Match");
        assertThat(check("If-None-Match", "W/\"abc\"")).isEqualTo("304 If-None-Match");
        assertThat(check("If-None-Match", "\"x\"")).isEqualTo("200");
        assertThat(check("If-Modified-Since", SAME)).isEqualTo("304 If-Modified-Since");
        assertThat(check("If-Modified-Since", BEFORE)).isEqualTo("200");
        assertThat(check("If-Unmodified-Since", SAME)).isEqualTo("200");
        assertThat(check("If-Unmodified-Since", BEFORE)).isEqualTo("412 If-Unmodified-Since");
        assertThat(check("If-Unmodified-Since", "yesterday")).isEqualTo("200");
        // Tags go before dates.
        assertThat(check("If-Match", "abc", "If-Unmodified-Since", BEFORE)).isEqualTo("200");
        assertThat(check("If-None-Match", "x", "If-Modified-Since", SAME)).isEqualTo("200");
        assertThat(check("If-None-Match", "abc", "If-Modified-Since", BEFORE)).isEqualTo("304 If-None-Match");
    }

    @Test
    void copySources() {
        ReadConditions conditions = ReadConditions.ofCopySource(Headers.of("x-amz-copy-source-if-none-match", "abc"));
        assertThat(catchThrowableOfType(S3Exception.class, () -> conditions.checkCopySource("\"abc\"", MODIFIED))
                        .code())
                .isEqualTo(S3ErrorCode.PRECONDITION_FAILED);
        assertThat(CopySource.parse("/b/a%20b+c%2Bd?versionId=7"))
                .isEqualTo(new CopySource("b", "a b c+d", Optional.of("7")));
        assertThat(CopySource.parse("b%2Fk%3FversionId=1").key()).isEqualTo("k?versionId=1");
        for (String bad : new String[] {"", "b", "/b", "b/", "/", "arn:aws:s3:::a/b", "b/k?versionId="}) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> CopySource.parse(bad))
                            .code())
                    .as(bad)
                    .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void writes() {
        assertThat(WriteConditions.of(Headers.of())).isEqualTo(WriteConditions.NONE);
        assertThat(WriteConditions.of(Headers.of("If-None-Match", "*")).mustNotExist())
                .isTrue();
        assertThat(WriteConditions.of(Headers.of("If-Match", "\"abc\"")).ifMatch())
                .contains("abc");
        assertThat(WriteConditions.of(Headers.of("If-Match", "*")).ifMatch()).contains("*");
        assertThat(catchThrowableOfType(S3Exception.class, () -> WriteConditions.of(Headers.of("If-None-Match", "abc")))
                        .code())
                .isEqualTo(S3ErrorCode.NOT_IMPLEMENTED);
        assertThat(catchThrowableOfType(
                                S3Exception.class,
                                () -> WriteConditions.of(Headers.of("If-None-Match", "*", "If-Match", "a")))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-, 0, 100",
        "bytes=99-, 99, 1",
        "bytes=10-1000, 10, 90",
        "bytes=-1, 99, 1",
        "bytes=-1000, 0, 100",
        "bytes=5-9999999999999999999, 5, 95",
    })
    void ranges(String header, long offset, long length) {
        assertThat(RangeHeader.parse(header, 100)).contains(new RangeHeader.Slice(offset, length));
    }

    @Test
    void rangesThatAreIgnoredOrCannotBe() {
        for (String ignored :
                new String[] {null, "", "items=0-1", "bytes=0-1,5-6", "bytes=5-1", "bytes=-", "bytes=a-b"}) {
            assertThat(RangeHeader.parse(ignored, 100)).as(ignored).isEmpty();
        }
        for (String[] range :
                new String[][] {{"bytes=100-", "100"}, {"bytes=-0", "100"}, {"bytes=0-", "0"}, {"bytes=-5", "0"}}) {
            S3Exception thrown = catchThrowableOfType(
                    S3Exception.class, () -> RangeHeader.parse(range[0], Long.parseLong(range[1])));
            assertThat(thrown.code()).isEqualTo(S3ErrorCode.INVALID_RANGE);
            assertThat(thrown.headers()).containsEntry("Content-Range", "bytes */" + range[1]);
        }
        assertThat(new RangeHeader.Slice(5, 3).contentRange(10)).isEqualTo("bytes 5-7/10");
        assertThat(RangeHeader.parseCopy("bytes=0-99", 100)).contains(new RangeHeader.Slice(0, 100));
        for (String bad : new String[] {"bytes=0-", "bytes=-5", "bytes=5-1", "bytes=0-100", "0-5"}) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> RangeHeader.parseCopy(bad, 100))
                            .code())
                    .as(bad)
                    .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void numbersInQueriesAreBounded() {
        Query query = Query.parse("max-keys=5&bad=x&big=99999999999");
        assertThat(query.integer("max-keys", 0, 10)).contains(5);
        assertThat(query.integer("other", 0, 10)).isEmpty();
        for (String name : new String[] {"bad", "big"}) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> query.integer(name, 0, 10))
                            .elements())
                    .containsEntry("ArgumentName", name);
        }
    }
}
