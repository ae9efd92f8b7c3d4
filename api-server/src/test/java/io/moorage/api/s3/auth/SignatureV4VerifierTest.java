package io.moorage.api.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.body.Payload;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.RequestHead;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples of "Authenticating requests" in the Amazon S3 API reference, and what is refused. */
class SignatureV4VerifierTest {
    private static final String ID = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");
    private static final String EMPTY = SignatureV4.EMPTY_SHA256;
    private static final String GET_SIGNATURE = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    private static final String PRESIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + ID
            + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
            + "&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

    private final SignatureV4Verifier verifier = verifier(new Credential(ID, "ann", List.of(SECRET), false));

    private static SignatureV4Verifier verifier(Credential credential, String... prefixes) {
        return new SignatureV4Verifier(
                id -> Optional.of(credential)
                        .filter(known -> known.accessKeyId().equals(id)),
                List.of(prefixes));
    }

    private static String authorization(String signedHeaders, String signature) {
        return "AWS4-HMAC-SHA256 Credential=" + ID + "/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                + signedHeaders + ",Signature=" + signature;
    }

    private static RequestHead head(String method, String path, String query, Instant at, String... headers) {
        return RequestHead.of(method, path, query, Headers.of(headers), at);
    }

    private static RequestHead get(Instant at, String authorization) {
        return head(
                "GET",
                "/test.txt",
                null,
                at,
                "Host",
                "examplebucket.s3.amazonaws.com",
                "Authorization",
                authorization,
                "Range",
                "bytes=0-9",
                "x-amz-content-sha256",
                EMPTY,
                "x-amz-date",
                "20130524T000000Z");
    }

    private static final String GET_HEADERS = "host;range;x-amz-content-sha256;x-amz-date";

    private S3Exception refused(RequestHead head) {
        return catchThrowableOfType(S3Exception.class, () -> verifier.verify(head));
    }

    @Test
    void exampleGetObject() {
        Authentication authentication = verifier.verify(get(TIME, authorization(GET_HEADERS, GET_SIGNATURE)));

        assertThat(authentication.caller()).isEqualTo(new Caller("ann", ID));
        assertThat(authentication.presigned()).isFalse();
        assertThat(authentication.payload().kind()).isEqualTo(Payload.Kind.SIGNED);
        assertThat(authentication.payload().sha256().orElseThrow())
                .isEqualTo(HexFormat.of().parseHex(EMPTY));
    }

    @Test
    void examplePutObject() {
        RequestHead head = head(
                "PUT",
                "/test%24file.text",
                null,
                TIME,
                "Host",
                "examplebucket.s3.amazonaws.com",
                "Date",
                "Fri, 24 May 2013 00:00:00 GMT",
                "Authorization",
                authorization(
                        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
                "x-amz-date",
                "20130524T000000Z",
                "x-amz-storage-class",
                "REDUCED_REDUNDANCY",
                "x-amz-content-sha256",
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");

        assertThat(verifier.verify(head).caller().user()).isEqualTo("ann");
    }

    @Test
    void exampleGetBucketLifecycleAndListObjects() {
        String headers = "host;x-amz-content-sha256;x-amz-date";
        for (String[] example : new String[][] {
            {"lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
            {"max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"}
        }) {
            RequestHead head = head(
                    "GET",
                    "/",
                    example[0],
                    TIME,
                    "Host",
                    "examplebucket.s3.amazonaws.com",
                    "Authorization",
                    authorization(headers, example[1]),
                    "x-amz-date",
                    "20130524T000000Z",
                    "x-amz-content-sha256",
                    EMPTY);
            assertThat(verifier.verify(head).caller().user()).isEqualTo("ann");
        }
    }

    @Test
    void examplePresignedUrlUntilItExpires() {
        String[] host = {"Host", "examplebucket.s3.amazonaws.com"};
        Authentication authentication =
                verifier.verify(head("GET", "/test.txt", PRESIGNED, TIME.plusSeconds(86_400), host));

        assertThat(authentication.presigned()).isTrue();
        assertThat(authentication.payload().kind()).isEqualTo(Payload.Kind.UNSIGNED);

        S3Exception late = refused(head("GET", "/test.txt", PRESIGNED, TIME.plusSeconds(86_401), host));
        assertThat(late.code()).isEqualTo(S3ErrorCode.ACCESS_DENIED);
        assertThat(late).hasMessage("Request has expired");
        assertThat(late.elements()).containsEntry("X-Amz-Expires", "86400");

        assertThat(refused(head("GET", "/test.txt", PRESIGNED, TIME.minusSeconds(901), host)))
                .hasMessage("Request is not valid yet");
        assertThat(refused(head("PUT", "/test.txt", PRESIGNED, TIME, host)).code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void presignedParametersAreChecked() {
        String[] host = {"Host", "examplebucket.s3.amazonaws.com"};
        for (String[] change : new String[][] {
            {"Expires=86400", "Expires=604801", "less than a week"},
            {"Expires=86400", "Expires=-1", "non-negative"},
            {"Expires=86400", "Expires=soon", "should be a number"},
            {"&X-Amz-Expires=86400", "", "requires the X-Amz-Algorithm"},
            {"AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "only supports"},
            {"%2Fs3%2F", "%2Fec2%2F", "incorrect service"},
            {"Date=20130524T000000Z", "Date=20130525T000000Z", "Invalid credential date"},
            {"Date=20130524T000000Z", "Date=yesterday", "ISO8601"},
        }) {
            S3Exception refused =
                    refused(head("GET", "/test.txt", PRESIGNED.replace(change[0], change[1]), TIME, host));
            assertThat(refused.code()).as(change[1]).isEqualTo(S3ErrorCode.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
            assertThat(refused).hasMessageContaining(change[2]);
        }
    }

    @Test
    void theClockMayBeOffByFifteenMinutes() {
        String authorization = authorization(GET_HEADERS, GET_SIGNATURE);
        verifier.verify(get(TIME.plusSeconds(900), authorization));
        verifier.verify(get(TIME.minusSeconds(900), authorization));
        for (int off : new int[] {901, -901}) {
            S3Exception refused = refused(get(TIME.plusSeconds(off), authorization));
            assertThat(refused.code()).isEqualTo(S3ErrorCode.REQUEST_TIME_TOO_SKEWED);
            assertThat(refused.elements()).containsEntry("MaxAllowedSkewMilliseconds", "900000");
        }
    }

    @Test
    void mismatchShowsWhatWasSigned() {
        S3Exception refused = refused(get(TIME, authorization(GET_HEADERS, GET_SIGNATURE.replace('f', '0'))));

        assertThat(refused.code()).isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused.elements().get("StringToSign"))
                .endsWith("7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972");
        assertThat(refused.elements().get("CanonicalRequest")).startsWith("GET\n/test.txt\n\nhost:");
        assertThat(refused.elements().values()).noneMatch(value -> value.contains(SECRET));
    }

    @Test
    void keysThatAreUnknownOrSuspended() {
        RequestHead head = get(TIME, authorization(GET_HEADERS, GET_SIGNATURE));
        for (Credential credential : List.of(
                new Credential("OTHER", "ann", List.of(SECRET), false),
                new Credential(ID, "ann", List.of(SECRET), true))) {
            S3Exception refused = catchThrowableOfType(
                    S3Exception.class, () -> verifier(credential).verify(head));
            assertThat(refused.code()).isEqualTo(S3ErrorCode.INVALID_ACCESS_KEY_ID);
        }
        assertThat(new Credential(ID, "ann", List.of(SECRET), false).toString()).doesNotContain(SECRET);
    }

    @Test
    void bothSecretsAreGoodWhileTheyAreRotated() {
        RequestHead head = get(TIME, authorization(GET_HEADERS, GET_SIGNATURE));

        assertThat(verifier(new Credential(ID, "ann", List.of("new", SECRET), false))
                        .verify(head)
                        .caller()
                        .user())
                .isEqualTo("ann");
    }

    @Test
    void aPrefixMayBeSignedOrNot() {
        Credential credential = new Credential(ID, "ann", List.of(SECRET), false);
        String[] host = {"Host", "examplebucket.s3.amazonaws.com"};
        RequestHead below = head("GET", "/s3/test.txt", PRESIGNED, TIME, host);

        // Signed as /test.txt, and something between put the prefix on.
        assertThat(verifier(credential, "/aws-s3", "/s3").verify(below).caller().user())
                .isEqualTo("ann");
        assertThat(refused(below).code()).isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(SignedPaths.of("/a%2fb", List.of("/s3"))).containsExactly("/a/b", "/a%2fb", "/s3/a/b", "/s3/a%2fb");
        assertThat(SignedPaths.of("/s3", List.of("/s3"))).containsExactly("/s3", "/");
        assertThat(SignedPaths.of("/s3x", List.of("/s3"))).containsExactly("/s3x", "/s3/s3x");
    }

    @Test
    void headersOfAmazonMustBeSigned() {
        RequestHead head = head(
                "GET",
                "/test.txt",
                null,
                TIME,
                "Host",
                "examplebucket.s3.amazonaws.com",
                "Authorization",
                authorization(GET_HEADERS, GET_SIGNATURE),
                "Range",
                "bytes=0-9",
                "x-amz-content-sha256",
                EMPTY,
                "x-amz-date",
                "20130524T000000Z",
                "X-Amz-Acl",
                "public-read");

        S3Exception refused = refused(head);
        assertThat(refused.code()).isEqualTo(S3ErrorCode.ACCESS_DENIED);
        assertThat(refused.elements()).containsEntry("HeadersNotSigned", "x-amz-acl");
    }

    @Test
    void otherMechanismsAreRefusedClearly() {
        assertThat(refused(get(TIME, "AWS " + ID + ":frJIUN8DYpKDtOLCwo//yllqDzg=")))
                .hasMessageContaining("Please use AWS4-HMAC-SHA256")
                .extracting(S3Exception::code)
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused(get(TIME, "AWS4-ECDSA-P256-SHA256 Credential=x")).code())
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        S3Exception bearer = refused(get(TIME, "Bearer topsecret"));
        assertThat(bearer.code()).isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        assertThat(bearer.elements()).containsEntry("ArgumentValue", "Bearer");
        assertThat(refused(head("GET", "/a", "AWSAccessKeyId=x&Signature=y&Expires=1", TIME, "Host", "h"))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refused(head("GET", "/a", PRESIGNED, TIME, "Host", "h", "Authorization", "AWS4-HMAC-SHA256 x")))
                .hasMessageContaining("Only one auth mechanism allowed");
    }

    @Test
    void malformedAuthorization() {
        String good = authorization(GET_HEADERS, GET_SIGNATURE);
        for (String[] change : new String[][] {
            {"Credential=" + ID + "/20130524/us-east-1/s3/aws4_request,", "", "Credential field is missing"},
            {"SignedHeaders=" + GET_HEADERS + ",", "", "SignedHeaders field is missing"},
            {"Signature=" + GET_SIGNATURE, "Signature=", "Signature field is missing"},
            {"/aws4_request", "", "mal-formed"},
            {"/s3/", "/ec2/", "incorrect service"},
            {"20130524", "20130525", "Invalid credential date"},
        }) {
            S3Exception refused = refused(get(TIME, good.replace(change[0], change[1])));
            assertThat(refused.code()).as(change[2]).isEqualTo(S3ErrorCode.AUTHORIZATION_HEADER_MALFORMED);
            assertThat(refused).hasMessageContaining(change[2]);
        }
    }

    @Test
    void thereAreNoSessionsWhoseTokensWouldBeGood() {
        String[] host = {"Host", "examplebucket.s3.amazonaws.com"};
        assertThat(refused(head("GET", "/test.txt", PRESIGNED + "&X-Amz-Security-Token=t", TIME, host))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_TOKEN);
        assertThat(refused(head("GET", "/a", null, TIME, "Host", "h", "X-Amz-Security-Token", "t"))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_TOKEN);
    }

    @Test
    void withoutSignatureTheCallerIsAnonymous() {
        Authentication plain = verifier.verify(head("GET", "/a", null, TIME, "Host", "h"));
        assertThat(plain.caller().anonymous()).isTrue();

        Authentication chunked = verifier.verify(head(
                "PUT", "/a", null, TIME, "Host", "h", "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"));
        assertThat(chunked.payload().kind()).isEqualTo(Payload.Kind.CHUNKED_UNSIGNED_TRAILER);

        assertThat(refused(head(
                                "PUT",
                                "/a",
                                null,
                                TIME,
                                "Host",
                                "h",
                                "x-amz-content-sha256",
                                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))
                        .code())
                .isEqualTo(S3ErrorCode.ACCESS_DENIED);
        assertThat(refused(head("PUT", "/a", null, TIME, "Host", "h", "x-amz-content-sha256", "abc"))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }
}
