package io.moorage.api.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.PercentCoding;
import io.moorage.api.s3.request.RequestHead;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;

/** Whatever is sent, the answer is a caller or an error of S3; and only what was signed is accepted. */
class SignatureV4Properties {
    private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");
    private static final Scope SCOPE = new Scope("20130524", "us-east-1", "s3");

    private final SignatureV4Verifier verifier = new SignatureV4Verifier(
            id -> Optional.of(new Credential(id, "ann", List.of("secret"), false)), List.of("/s3"));

    @Property
    void anyAuthorizationIsAnswered(@ForAll @StringLength(max = 200) String authorization) {
        for (String prefix :
                new String[] {"", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=a/20130524/r/s3/aws4_request,"}) {
            RequestHead head = RequestHead.of(
                    "GET",
                    "/",
                    null,
                    Headers.of(
                            "Host", "h",
                            "x-amz-date", "20130524T000000Z",
                            "x-amz-content-sha256", "UNSIGNED-PAYLOAD",
                            "Authorization", prefix + authorization),
                    TIME);
            assertThat(catchThrowable(() -> verifier.verify(head))).isInstanceOf(S3Exception.class);
        }
    }

    @Property
    void anyQueryIsAnswered(@ForAll @StringLength(max = 100) String value, @ForAll("parameter") String name) {
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20130524%2Fr%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
        RequestHead head = RequestHead.of(
                "GET",
                "/",
                query.replaceAll(name + "=[^&]*", name + "=" + PercentCoding.encode(value, false)),
                Headers.of("Host", "h"),
                TIME);
        assertThat(catchThrowable(() -> verifier.verify(head))).isInstanceOf(S3Exception.class);
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> parameter() {
        return net.jqwik.api.Arbitraries.of(
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature");
    }

    @Property
    void whatIsSignedIsAcceptedAndNoChangeOfIt(
            @ForAll @NotEmpty @StringLength(max = 40) String key, @ForAll @StringLength(max = 20) String value) {
        String path = "/bucket/" + PercentCoding.encode(wellFormed(key), true);
        String query = "prefix=" + PercentCoding.encode(wellFormed(value), false);
        RequestHead signed = sign(path, query);

        assertThat(verifier.verify(signed).caller().user()).isEqualTo("ann");
        for (RequestHead changed : List.of(
                new RequestHead("PUT", signed.rawPath(), signed.query(), signed.headers(), TIME),
                RequestHead.of("GET", path + "a", query, signed.headers(), TIME),
                RequestHead.of("GET", path, query + "a", signed.headers(), TIME))) {
            assertThat(catchThrowable(() -> verifier.verify(changed)))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.code()).isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH));
        }
    }

    private static RequestHead sign(String path, String query) {
        List<String> names = List.of("host", "x-amz-content-sha256", "x-amz-date");
        Headers headers =
                Headers.of("Host", "h", "x-amz-content-sha256", "UNSIGNED-PAYLOAD", "x-amz-date", "20130524T000000Z");
        String canonical = SignatureV4.canonicalRequest(
                "GET",
                path,
                RequestHead.of("GET", path, query, headers, TIME).query().canonical(""),
                headers,
                names,
                "UNSIGNED-PAYLOAD");
        String signature = SignatureV4.sign(
                SignatureV4.signingKey("secret", SCOPE),
                SignatureV4.stringToSign("20130524T000000Z", SCOPE, canonical));
        return RequestHead.of(
                "GET",
                path,
                query,
                Headers.of(
                        "Host", "h",
                        "x-amz-content-sha256", "UNSIGNED-PAYLOAD",
                        "x-amz-date", "20130524T000000Z",
                        "Authorization",
                                "AWS4-HMAC-SHA256 Credential=AK/" + SCOPE + ", SignedHeaders=" + String.join(";", names)
                                        + ", Signature=" + signature),
                TIME);
    }

    /** Without halves of characters, which UTF-8 has not. */
    private static String wellFormed(String text) {
        return text.replaceAll("[\\uD800-\\uDFFF]", "x");
    }
}
