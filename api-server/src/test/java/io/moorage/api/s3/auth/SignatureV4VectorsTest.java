package io.moorage.api.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.RequestHead;
import io.moorage.api.s3.request.Target;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures that others computed: AWS's published suite, and botocore's signer for S3. */
class SignatureV4VectorsTest {
    private static final Instant BOTOCORE_TIME = Instant.parse("2024-02-29T23:59:01Z");

    static List<SignedRequests> awsTestSuite() {
        return SignedRequests.read("aws-test-suite.txt");
    }

    static List<SignedRequests> botocore() {
        return SignedRequests.read("botocore.txt");
    }

    @Test
    void noVectorIsLost() {
        assertThat(awsTestSuite()).hasSize(59);
        assertThat(botocore()).hasSize(58);
    }

    @ParameterizedTest
    @MethodSource("awsTestSuite")
    void agreesWithTheSuiteOfAws(SignedRequests request) {
        Scope scope = new Scope("20150830", "us-east-1", "service");
        byte[] key = SignatureV4.signingKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
        List<String> signedHeaders = List.of(request.notes().get("signed").split(";"));

        assertThat(SignedPaths.of(request.path(), List.of()))
                .map(path -> SignatureV4.canonicalRequest(
                        request.method(),
                        path,
                        request.parsedQuery().canonical("X-Amz-Signature"),
                        request.headers(),
                        signedHeaders,
                        request.notes().get("payload")))
                .map(canonical -> SignatureV4.sign(key, SignatureV4.stringToSign("20150830T123600Z", scope, canonical)))
                .contains(request.notes().get("signature"));
    }

    @ParameterizedTest
    @MethodSource("botocore")
    void acceptsWhatBotocoreSignsAndNothingElse(SignedRequests request) {
        AccessKeys keys = id ->
                Optional.of(new Credential(id, "ann", List.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), false));
        SignatureV4Verifier verifier = new SignatureV4Verifier(keys, List.of());
        RequestHead head = RequestHead.of(
                request.method(), request.path(), request.query(), request.headers(), BOTOCORE_TIME.plusSeconds(60));

        assertThat(verifier.verify(head).caller().user()).isEqualTo("ann");
        String key = URLDecoder.decode(request.name().split(" ")[0], StandardCharsets.UTF_8);
        assertThat(Target.parse(request.path(), "", head.host(), List.of())).isEqualTo(new Target("bucket", key));

        RequestHead other = RequestHead.of(
                request.method(), request.path() + "x", request.query(), request.headers(), BOTOCORE_TIME);
        assertThatThrownBy(() -> verifier.verify(other))
                .extracting(e -> ((S3Exception) e).code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
    }
}
