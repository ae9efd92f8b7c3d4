package io.moorage.api.s3.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PostFormTest {
    private static final String TYPE = "multipart/form-data; boundary=\"bound\"";

    private static String field(String name, String value) {
        return "--bound\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String file(String content) {
        return "--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\dir\\\\a b.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + content + "\r\n";
    }

    private static PostForm open(String form) throws IOException {
        return PostForm.open(new ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8)), TYPE);
    }

    private static S3ErrorCode refused(String form) {
        return catchThrowableOfType(S3Exception.class, () -> open(form).readAllBytes())
                .code();
    }

    @Example
    void fieldsAndFile() throws IOException {
        PostForm form = open(field("key", "a/${filename}") + field("Policy", "é") + file("hello\r\n--bou")
                + field("submit", "Upload") + "--bound--\r\n");
        assertThat(form.fields()).isEqualTo(Map.of("key", "a/${filename}", "policy", "é"));
        assertThat(form.fileName()).isEqualTo("a b.txt");
        assertThat(new String(form.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello\r\n--bou");
        assertThat(form.read()).isEqualTo(-1);
    }

    @Example
    void refusals() {
        String key = field("key", "k");
        assertThat(refused(key + "--bound--\r\n")).isEqualTo(S3ErrorCode.INCORRECT_NUMBER_OF_FILES_IN_POST_REQUEST);
        assertThat(refused(key + file("a") + file("b") + "--bound--\r\n"))
                .isEqualTo(S3ErrorCode.INCORRECT_NUMBER_OF_FILES_IN_POST_REQUEST);
        assertThat(refused(field("key", "k".repeat(21_000)) + file("a") + "--bound--\r\n"))
                .isEqualTo(S3ErrorCode.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
        for (String cut : new String[] {"", key, key + file("a"), key + file("a") + "--bou"}) {
            assertThat(refused(cut)).as(cut).isIn(S3ErrorCode.INCOMPLETE_BODY, S3ErrorCode.MALFORMED_POST_REQUEST);
        }
        for (String type : new String[] {"text/plain", "multipart/form-data", "multipart/mixed; boundary=bound"}) {
            assertThat(catchThrowableOfType(
                                    S3Exception.class, () -> PostForm.open(new ByteArrayInputStream(new byte[0]), type))
                            .code())
                    .as(type)
                    .isEqualTo(S3ErrorCode.PRECONDITION_FAILED);
        }
    }

    @Property
    void anyFileComesOutWhole(
            @ForAll @Size(max = 300) byte[] random,
            @ForAll @IntRange(min = 1, max = 50) int read,
            @ForAll @IntRange(min = 0, max = 3) int begin,
            @ForAll @IntRange(min = 0, max = 3) int near)
            throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new String[] {"", "-", "--boun!", "\r\n--"}[begin].getBytes(StandardCharsets.US_ASCII));
        content.writeBytes(random);
        content.writeBytes(
                new String[] {"", "\r\n", "\r\n--boun", "\r\n--\r\n--bounx"}[near].getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes((field("key", "k") + "--bound\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        wire.writeBytes(content.toByteArray());
        wire.writeBytes("\r\n--bound--\r\n".getBytes(StandardCharsets.US_ASCII));
        // A few bytes at a time, so that boundaries are cut everywhere.
        InputStream trickle = new ByteArrayInputStream(wire.toByteArray()) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, read));
            }
        };
        assertThat(PostForm.open(trickle, TYPE).readAllBytes()).isEqualTo(content.toByteArray());
    }

    @Property
    void anyFormIsAnswered(@ForAll @Size(max = 200) byte[] bytes) {
        for (String begin : new String[] {"", "--bound\r\n", field("key", "k") + "--bound\r\nContent-Disposition: "}) {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            wire.writeBytes(begin.getBytes(StandardCharsets.US_ASCII));
            wire.writeBytes(bytes);
            assertThat(catchThrowable(() -> PostForm.open(new ByteArrayInputStream(wire.toByteArray()), TYPE)
                            .readAllBytes()))
                    .isInstanceOf(S3Exception.class);
        }
    }
}
