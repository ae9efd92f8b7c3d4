package io.moorage.api.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.policy.PostPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The example of "Browser-based uploads using POST" in the Amazon S3 API reference. */
class PostFormVerifierTest {
    private static final String POLICY = Base64.getEncoder()
            .encodeToString(String.join(
                            "\r\n",
                            "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",",
                            "  \"conditions\": [",
                            "    {\"bucket\": \"sigv4examplebucket\"},",
                            "    [\"starts-with\", \"$key\", \"user/user1/\"],",
                            "    {\"acl\": \"public-read\"},",
                            "    {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},",
                            "    [\"starts-with\", \"$Content-Type\", \"image/\"],",
                            "    {\"x-amz-meta-uuid\": \"14365123651274\"},",
                            "    {\"x-amz-server-side-encryption\": \"AES256\"},",
                            "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],",
                            "",
                            "    {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},",
                            "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},",
                            "    {\"x-amz-date\": \"20151229T000000Z\" }",
                            "  ]",
                            "}")
                    .getBytes(StandardCharsets.UTF_8));

    private final PostFormVerifier verifier = new PostFormVerifier(id -> id.equals("AKIAIOSFODNN7EXAMPLE")
            ? Optional.of(new Credential(id, "ann", List.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), false))
            : Optional.empty());

    private static Map<String, String> form() {
        Map<String, String> fields = new HashMap<>();
        fields.put("bucket", "sigv4examplebucket");
        fields.put("key", "user/user1/a.jpg");
        fields.put("acl", "public-read");
        fields.put("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html");
        fields.put("content-type", "image/jpeg");
        fields.put("x-amz-meta-uuid", "14365123651274");
        fields.put("x-amz-server-side-encryption", "AES256");
        fields.put("x-amz-meta-tag", "");
        fields.put("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request");
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        fields.put("x-amz-date", "20151229T000000Z");
        fields.put("policy", POLICY);
        fields.put("x-amz-signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
        return fields;
    }

    @Test
    void exampleOfAws() {
        assertThat(verifier.verify(form()).user()).isEqualTo("ann");
        PostPolicy.parse(POLICY).check(form(), Instant.parse("2015-12-30T11:59:59Z"));
    }

    @Test
    void refusals() {
        assertThat(verifier.verify(Map.of("key", "a")).anonymous()).isTrue();
        for (Object[] change : new Object[][] {
            {"policy", POLICY.replace('I', 'J'), S3ErrorCode.SIGNATURE_DOES_NOT_MATCH},
            {"x-amz-signature", "", S3ErrorCode.INVALID_ARGUMENT},
            {"x-amz-credential", "NOBODY/20151229/us-east-1/s3/aws4_request", S3ErrorCode.INVALID_ACCESS_KEY_ID},
            {"x-amz-date", "20151230T000000Z", S3ErrorCode.INVALID_ARGUMENT},
            {"signature", "version2", S3ErrorCode.INVALID_REQUEST},
        }) {
            Map<String, String> fields = form();
            fields.put((String) change[0], (String) change[1]);
            S3Exception refused = catchThrowableOfType(S3Exception.class, () -> verifier.verify(fields));
            assertThat(refused.code()).as((String) change[0]).isEqualTo(change[2]);
        }
    }

    @Test
    void thePolicyIsKept() {
        Instant now = Instant.parse("2015-12-30T00:00:00Z");
        PostPolicy policy = PostPolicy.parse(POLICY);
        for (String[] change : new String[][] {
            {"key", "user/user2/a.jpg", "Policy Condition failed: [\"starts-with\", \"$key\", \"user/user1/\"]"},
            {"content-type", "image/png,text/html", "Policy Condition failed"},
            {"bucket", "other", "Policy Condition failed: [\"eq\", \"$bucket\", \"sigv4examplebucket\"]"},
            {"x-amz-tagging", "a", "Extra input fields: x-amz-tagging"},
        }) {
            Map<String, String> fields = form();
            fields.put(change[0], change[1]);
            S3Exception refused = catchThrowableOfType(S3Exception.class, () -> policy.check(fields, now));
            assertThat(refused.code()).isEqualTo(S3ErrorCode.ACCESS_DENIED);
            assertThat(refused).hasMessageContaining(change[2]);
        }
        assertThat(catchThrowableOfType(
                        S3Exception.class, () -> policy.check(form(), Instant.parse("2015-12-30T12:00:00Z"))))
                .hasMessageContaining("Policy expired");
    }

    @Test
    void lengthsAndWhatIsNoPolicy() {
        PostPolicy policy = PostPolicy.parse(base64(
                "{\"expiration\":\"2030-01-01T00:00:00Z\",\"conditions\":[[\"content-length-range\",2,\"10\"]]}"));
        policy.checkLength(2);
        policy.checkLength(10);
        assertThat(catchThrowableOfType(S3Exception.class, () -> policy.checkLength(1))
                        .code())
                .isEqualTo(S3ErrorCode.ENTITY_TOO_SMALL);
        assertThat(catchThrowableOfType(S3Exception.class, () -> policy.checkLength(11))
                        .code())
                .isEqualTo(S3ErrorCode.ENTITY_TOO_LARGE);
        for (String json : List.of(
                "{}",
                "no",
                "{\"expiration\":\"soon\",\"conditions\":[]}",
                "{\"expiration\":\"2030-01-01T00:00:00Z\",\"conditions\":[[\"like\",\"$a\",\"b\"]]}",
                "{\"expiration\":\"2030-01-01T00:00:00Z\",\"conditions\":[[\"eq\",\"a\",\"b\"]]}",
                "{\"expiration\":\"2030-01-01T00:00:00Z\",\"conditions\":[7]}")) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> PostPolicy.parse(base64(json)))
                            .code())
                    .as(json)
                    .isEqualTo(S3ErrorCode.INVALID_POLICY_DOCUMENT);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
