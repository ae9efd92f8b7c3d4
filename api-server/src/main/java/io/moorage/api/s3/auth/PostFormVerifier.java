package io.moorage.api.s3.auth;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.time.DateTimeException;
import java.util.Map;

/**
 * Verifies the signature of a form's policy (Amazon S3 API reference, "Browser-based uploads using POST"). What the policy allows
 * is not looked at here. Thread-safe.
 */
public final class PostFormVerifier {
    private final AccessKeys keys;

    /** @param keys asked with every form */
    public PostFormVerifier(AccessKeys keys) {
        this.keys = keys;
    }

    /**
     * @param fields of the form before the file, names in lower case
     * @return {@link Caller#ANONYMOUS} if the form has neither policy nor signature
     * @throws S3Exception InvalidArgument, InvalidAccessKeyId, SignatureDoesNotMatch, InvalidRequest for Version 2
     */
    public Caller verify(Map<String, String> fields) {
        if (fields.containsKey("awsaccesskeyid") || fields.containsKey("signature")) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        if (!fields.containsKey("policy") && !fields.containsKey("x-amz-signature")) {
            return Caller.ANONYMOUS;
        }
        String policy = required(fields, "policy");
        String signature = required(fields, "x-amz-signature");
        String algorithm = required(fields, "x-amz-algorithm");
        if (!algorithm.equals(SignatureV4.ALGORITHM)) {
            throw S3Exception.invalidArgument(
                    "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"", "X-Amz-Algorithm", algorithm);
        }
        String credential = required(fields, "x-amz-credential");
        Scope.OfKey key = Scope.OfKey.parse(credential)
                .filter(parsed -> parsed.scope().service().equals("s3"))
                .orElseThrow(() -> S3Exception.invalidArgument(
                        "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request\"",
                        "X-Amz-Credential",
                        credential));
        checkDate(required(fields, "x-amz-date"), key.scope());
        Credential found = keys.find(key.accessKeyId())
                .filter(known -> !known.suspended())
                .orElseThrow(() ->
                        new S3Exception(S3ErrorCode.INVALID_ACCESS_KEY_ID).with("AWSAccessKeyId", key.accessKeyId()));
        boolean matches = found.secrets().stream()
                .map(secret -> SignatureV4.sign(SignatureV4.signingKey(secret, key.scope()), policy))
                .anyMatch(expected -> SignatureV4.same(expected, signature));
        if (!matches) {
            throw new S3Exception(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH)
                    .with("AWSAccessKeyId", key.accessKeyId())
                    .with("StringToSign", policy)
                    .with("SignatureProvided", signature);
        }
        return new Caller(found.user(), found.accessKeyId());
    }

    private static void checkDate(String date, Scope scope) {
        try {
            if (SignatureV4.timestamp(SignatureV4.parseTimestamp(date)).startsWith(scope.date())) {
                return;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw S3Exception.invalidArgument(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\", of the day of the Credential",
                "X-Amz-Date",
                date);
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw S3Exception.invalidArgument(
                    "Bucket POST must contain a field named '" + name
                            + "'.  If it is specified, please check the order of the fields.",
                    name,
                    "");
        }
        return value;
    }
}
