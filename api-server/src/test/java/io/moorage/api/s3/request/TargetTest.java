package io.moorage.api.s3.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class TargetTest {
    private static final List<String> DOMAINS = List.of("s3.example.org", "localhost");

    private static Target parse(String path) {
        return Target.parse(path, "", "10.0.0.1:9000", DOMAINS);
    }

    private static S3ErrorCode refused(String path) {
        return catchThrowableOfType(S3Exception.class, () -> parse(path)).code();
    }

    @Example
    void pathStyle() {
        assertThat(parse("/").isService()).isTrue();
        assertThat(parse("/bucket").isBucket()).isTrue();
        assertThat(parse("/bucket/").isBucket()).isTrue();
        assertThat(parse("/bucket/a/b")).isEqualTo(new Target("bucket", "a/b"));
        assertThat(parse("/bucket//a")).isEqualTo(new Target("bucket", "/a"));
        assertThat(parse("/bucket/a//b/")).isEqualTo(new Target("bucket", "a//b/"));
        assertThat(parse("/bucket/a+b%20c%2Bd%2Fe%25")).isEqualTo(new Target("bucket", "a+b c+d/e%"));
        assertThat(parse("/bucket/%F0%9F%98%80").key()).isEqualTo("😀");
        assertThat(parse("/bucket/..").key()).isEqualTo("..");
    }

    @Example
    void mounted() {
        assertThat(Target.parse("/s3", "/s3", "h", DOMAINS).isService()).isTrue();
        assertThat(Target.parse("/s3/", "/s3", "h", DOMAINS).isService()).isTrue();
        assertThat(Target.parse("/s3/b/k", "/s3", "h", DOMAINS)).isEqualTo(new Target("b", "k"));
        assertThat(Target.parse("/s3/s3/s3", "/s3", "h", DOMAINS)).isEqualTo(new Target("s3", "s3"));
    }

    @Example
    void virtualHostStyle() {
        for (String host :
                List.of("my.bucket.s3.example.org", "MY.bucket.S3.example.org:9000", "my.bucket.localhost:1")) {
            assertThat(Target.parse("/b/k", "", host, DOMAINS)).isEqualTo(new Target("my.bucket", "b/k"));
            assertThat(Target.parse("/", "", host, DOMAINS)).isEqualTo(new Target("my.bucket", ""));
            assertThat(Target.parse("//k", "", host, DOMAINS)).isEqualTo(new Target("my.bucket", "/k"));
        }
        for (String host : List.of("s3.example.org", "localhost:9000", "evils3.example.org", "[::1]:9000", "")) {
            assertThat(Target.parse("/b/k", "", host, DOMAINS)).isEqualTo(new Target("b", "k"));
        }
    }

    @Example
    void refusals() {
        assertThat(refused("/bucket/%")).isEqualTo(S3ErrorCode.INVALID_URI);
        assertThat(refused("/bucket/%4")).isEqualTo(S3ErrorCode.INVALID_URI);
        assertThat(refused("/bucket/%zz")).isEqualTo(S3ErrorCode.INVALID_URI);
        assertThat(refused("/bucket/%ff")).isEqualTo(S3ErrorCode.INVALID_URI);
        assertThat(refused("/bucket/%c0%af")).isEqualTo(S3ErrorCode.INVALID_URI);
        assertThat(refused("//key")).isEqualTo(S3ErrorCode.INVALID_URI);
        assertThat(parse("/bucket/" + "k".repeat(1024)).key()).hasSize(1024);
        assertThat(refused("/bucket/" + "k".repeat(1025))).isEqualTo(S3ErrorCode.KEY_TOO_LONG);
        assertThat(parse("/bucket/" + "%C3%A9".repeat(512)).key()).hasSize(512);
        assertThat(refused("/bucket/" + "%C3%A9".repeat(512) + "k")).isEqualTo(S3ErrorCode.KEY_TOO_LONG);
    }

    @Property
    void everyKeySurvivesItsEncoding(@ForAll @StringLength(min = 1, max = 100) String text) {
        String key = text.replaceAll("[\\uD800-\\uDFFF]", "x");
        assertThat(parse("/bucket/" + PercentCoding.encode(key, true)).key()).isEqualTo(key);
        assertThat(parse("/bucket/" + PercentCoding.encode(key, false)).key()).isEqualTo(key);
        assertThat(Query.parse("a=" + PercentCoding.encode(key, false)).first("a"))
                .contains(key);
    }

    @Property
    void anyPathAndQueryIsAnswered(@ForAll @StringLength(max = 60) String text) {
        for (Runnable parsing : List.<Runnable>of(
                () -> Target.parse("/" + text, "/s3", text, DOMAINS),
                () -> Query.parse(text).canonical(""),
                () -> CopySource.parse(text),
                () -> RangeHeader.parse("bytes=" + text, 100),
                () -> ReadConditions.of(Headers.of("If-Match", text, "If-Modified-Since", text)),
                () -> WriteConditions.of(Headers.of("If-Match", text)))) {
            Throwable thrown = catchThrowable(parsing::run);
            assertThat(thrown == null || thrown instanceof S3Exception)
                    .as("%s", thrown)
                    .isTrue();
        }
    }

    @Example
    void bucketNames() {
        for (String good : List.of("abc", "a-b.c", "0".repeat(63), "1.2.3.4.5")) {
            assertThat(BucketNames.valid(good)).as(good).isTrue();
        }
        for (String bad : List.of(
                "ab",
                "A".repeat(3),
                "a_b",
                "-ab",
                "ab-",
                ".ab",
                "a..b",
                "1.2.3.4",
                "xn--a",
                "abc-s3alias",
                "a".repeat(64),
                "",
                "a\nb")) {
            assertThat(BucketNames.valid(bad)).as(bad).isFalse();
        }
    }
}
