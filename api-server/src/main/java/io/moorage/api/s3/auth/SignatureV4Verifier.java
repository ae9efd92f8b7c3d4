package io.moorage.api.s3.auth;

import io.moorage.api.s3.body.Payload;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.request.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies AWS Signature Version 4 in headers and presigned URLs (Amazon S3 API reference, "Authenticating requests"). Every region
 * is accepted. Thread-safe.
 */
public final class SignatureV4Verifier {
    /** How far a request's clock may be off. */
    public static final Duration MAX_SKEW = Duration.ofMinutes(15);

    private static final int MAX_SIGNED_HEADERS = 100;
    private static final String SECURITY_TOKEN = "x-amz-security-token";

    private final AccessKeys keys;
    private final List<String> prefixes;

    /** @param prefixes of paths that clients may have signed or left out when they signed, such as "/s3" */
    public SignatureV4Verifier(AccessKeys keys, List<String> prefixes) {
        this.keys = keys;
        this.prefixes = List.copyOf(prefixes);
    }

    /**
     * Without any signature the caller is {@link Caller#ANONYMOUS}, which is not an error here.
     *
     * @throws S3Exception with AWS's code for whatever does not hold
     */
    public Authentication verify(RequestHead head) {
        Optional<String> authorization = head.headers().first("Authorization");
        boolean inQuery = QueryClaim.isIn(head.query());
        boolean version2 = QueryClaim.isVersion2In(head.query());
        if (authorization.isPresent() && (inQuery || version2)) {
            throw S3Exception.invalidArgument(
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
                    "Authorization",
                    "");
        }
        if (version2) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        if (head.headers().has(SECURITY_TOKEN) || head.query().has("X-Amz-Security-Token")) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_TOKEN,
                    "The provided token is malformed or otherwise invalid: there are no temporary credentials here; sign with an access key alone.");
        }
        if (authorization.isPresent()) {
            return verifyHeader(head, HeaderClaim.parse(authorization.get(), head.headers()));
        }
        return inQuery ? verifyQuery(head, QueryClaim.parse(head.query())) : anonymous(head);
    }

    private static Authentication anonymous(RequestHead head) {
        String sent = head.headers().first(PayloadHeader.NAME).orElse(PayloadHeader.UNSIGNED);
        Payload.Kind kind = PayloadHeader.kind(sent);
        if (kind == Payload.Kind.CHUNKED_SIGNED || kind == Payload.Kind.CHUNKED_SIGNED_TRAILER) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED, "Signed chunks need a request that is signed itself.");
        }
        return new Authentication(Caller.ANONYMOUS, false, payload(kind, sent, Optional.empty()));
    }

    private Authentication verifyHeader(RequestHead head, Claim claim) {
        String sent = head.headers()
                .first(PayloadHeader.NAME)
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.INVALID_REQUEST, "Missing required header for this request: x-amz-content-sha256"));
        Payload.Kind kind = PayloadHeader.kind(sent);
        Duration skew = Duration.between(claim.signedAt(), head.received()).abs();
        if (skew.compareTo(MAX_SKEW) > 0) {
            throw new S3Exception(S3ErrorCode.REQUEST_TIME_TOO_SKEWED)
                    .with("RequestTime", claim.timestamp())
                    .with("ServerTime", HttpDates.document(head.received()))
                    .with("MaxAllowedSkewMilliseconds", Long.toString(MAX_SKEW.toMillis()));
        }
        checkSignedHeaders(head, claim);
        Credential credential = credential(claim.accessKeyId());
        byte[] signingKey = verifySignature(head, claim, credential, List.of(sent));
        ChunkSignatures chunks = new ChunkSignatures(signingKey, claim.timestamp(), claim.scope(), claim.signature());
        return new Authentication(caller(credential), false, payload(kind, sent, Optional.of(chunks)));
    }

    private Authentication verifyQuery(RequestHead head, Claim claim) {
        Instant now = head.received();
        if (claim.signedAt().isAfter(now.plus(MAX_SKEW))) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED, "Request is not valid yet")
                    .with("ServerTime", HttpDates.document(now));
        }
        Instant expires = claim.signedAt().plusSeconds(claim.expires().orElseThrow());
        if (now.isAfter(expires)) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED, "Request has expired")
                    .with("X-Amz-Expires", Long.toString(claim.expires().orElseThrow()))
                    .with("Expires", HttpDates.document(expires))
                    .with("ServerTime", HttpDates.document(now));
        }
        checkSignedHeaders(head, claim);
        // The hash of the body is signed only by those who know the body beforehand.
        Optional<String> sent = head.query()
                .first("X-Amz-Content-Sha256")
                .or(() -> head.headers().first(PayloadHeader.NAME));
        Set<String> payloads = new LinkedHashSet<>();
        sent.ifPresent(payloads::add);
        payloads.add(PayloadHeader.UNSIGNED);
        Payload.Kind kind = PayloadHeader.kind(sent.orElse(PayloadHeader.UNSIGNED));
        Credential credential = credential(claim.accessKeyId());
        byte[] signingKey = verifySignature(head, claim, credential, List.copyOf(payloads));
        ChunkSignatures chunks = new ChunkSignatures(signingKey, claim.timestamp(), claim.scope(), claim.signature());
        return new Authentication(
                caller(credential), true, payload(kind, sent.orElse(PayloadHeader.UNSIGNED), Optional.of(chunks)));
    }

    private static Payload payload(Payload.Kind kind, String sent, Optional<ChunkSignatures> chunks) {
        return switch (kind) {
            case SIGNED -> new Payload(kind, Optional.of(PayloadHeader.sha256(sent)), Optional.empty());
            case CHUNKED_SIGNED, CHUNKED_SIGNED_TRAILER -> new Payload(kind, Optional.empty(), chunks.map(c -> c));
            case UNSIGNED, CHUNKED_UNSIGNED_TRAILER -> new Payload(kind, Optional.empty(), Optional.empty());
        };
    }

    /** Host and whatever begins with x-amz- must be signed, or somebody between could change it. */
    private static void checkSignedHeaders(RequestHead head, Claim claim) {
        List<String> unsigned = head.headers().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.equals("host") || name.startsWith("x-amz-"))
                .filter(name -> claim.expires().isEmpty() || !name.equals(PayloadHeader.NAME))
                .filter(name -> !claim.signedHeaders().contains(name))
                .toList();
        if (!unsigned.isEmpty() || claim.signedHeaders().size() > MAX_SIGNED_HEADERS) {
            throw new S3Exception(
                            S3ErrorCode.ACCESS_DENIED,
                            "There were headers present in the request which were not signed")
                    .with("HeadersNotSigned", String.join(", ", unsigned));
        }
    }

    /** @throws S3Exception InvalidAccessKeyId, also for suspended ones */
    private Credential credential(String accessKeyId) {
        return keys.find(accessKeyId)
                .filter(credential -> !credential.suspended())
                .orElseThrow(
                        () -> new S3Exception(S3ErrorCode.INVALID_ACCESS_KEY_ID).with("AWSAccessKeyId", accessKeyId));
    }

    private static Caller caller(Credential credential) {
        return new Caller(credential.user(), credential.accessKeyId());
    }

    /** The signing key with which one of the paths and payloads gives the signature. */
    private byte[] verifySignature(RequestHead head, Claim claim, Credential credential, List<String> payloads) {
        List<String> requests = canonicalRequests(head, claim, payloads);
        for (String secret : credential.secrets()) {
            byte[] signingKey = SignatureV4.signingKey(secret, claim.scope());
            for (String request : requests) {
                String toSign = SignatureV4.stringToSign(claim.timestamp(), claim.scope(), request);
                if (SignatureV4.same(SignatureV4.sign(signingKey, toSign), claim.signature())) {
                    return signingKey;
                }
            }
        }
        throw mismatch(claim, requests.get(0));
    }

    private List<String> canonicalRequests(RequestHead head, Claim claim, List<String> payloads) {
        String query = head.query().canonical(QueryClaim.SIGNATURE);
        return SignedPaths.of(head.rawPath(), prefixes).stream()
                .flatMap(path -> payloads.stream()
                        .map(payload -> SignatureV4.canonicalRequest(
                                head.method(), path, query, head.headers(), claim.signedHeaders(), payload)))
                .toList();
    }

    private static S3Exception mismatch(Claim claim, String canonicalRequest) {
        String toSign = SignatureV4.stringToSign(claim.timestamp(), claim.scope(), canonicalRequest);
        return new S3Exception(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH)
                .with("AWSAccessKeyId", claim.accessKeyId())
                .with("StringToSign", toSign)
                .with("SignatureProvided", claim.signature())
                .with("StringToSignBytes", hex(toSign))
                .with("CanonicalRequest", canonicalRequest)
                .with("CanonicalRequestBytes", hex(canonicalRequest));
    }

    private static String hex(String text) {
        return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
