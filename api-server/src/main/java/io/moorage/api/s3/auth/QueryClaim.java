package io.moorage.api.s3.auth;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Query;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the X-Amz-* parameters of a presigned URL (Amazon S3 API reference, "Using query parameters"). */
final class QueryClaim {
    static final String SIGNATURE = "X-Amz-Signature";

    private static final String ALGORITHM = "X-Amz-Algorithm";
    private static final String EXPIRES = "X-Amz-Expires";
    private static final List<String> REQUIRED =
            List.of(ALGORITHM, "X-Amz-Credential", SIGNATURE, "X-Amz-Date", "X-Amz-SignedHeaders", EXPIRES);
    /** Seven days. */
    private static final long MAX_EXPIRES_SECONDS = 604_800;

    private QueryClaim() {}

    /** Whether a query has a signature of this kind, or a part of one. */
    static boolean isIn(Query query) {
        return query.has(ALGORITHM) || query.has(SIGNATURE);
    }

    /** Whether a query has a signature of Version 2. */
    static boolean isVersion2In(Query query) {
        return query.has("AWSAccessKeyId") && query.has("Signature");
    }

    /** @throws S3Exception AuthorizationQueryParametersError */
    static Claim parse(Query query) {
        for (String name : REQUIRED) {
            if (query.first(name).orElse("").isEmpty()) {
                throw malformed(
                        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
            }
        }
        if (!query.first(ALGORITHM).orElseThrow().equals(SignatureV4.ALGORITHM)) {
            throw malformed("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        Scope.OfKey key = Scope.OfKey.parse(query.first("X-Amz-Credential").orElseThrow())
                .orElseThrow(
                        () -> malformed(
                                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."));
        if (!key.scope().service().equals("s3")) {
            throw malformed("Error parsing the X-Amz-Credential parameter; incorrect service \""
                    + key.scope().service() + "\". This endpoint belongs to \"s3\".");
        }
        String timestamp = query.first("X-Amz-Date").orElseThrow();
        Instant signedAt;
        try {
            signedAt = SignatureV4.parseTimestamp(timestamp);
        } catch (DateTimeException e) {
            throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        if (!timestamp.startsWith(key.scope().date())) {
            throw malformed("Invalid credential date \"" + key.scope().date()
                    + "\". This date is not the same as X-Amz-Date: \"" + timestamp.substring(0, 8) + "\".");
        }
        return new Claim(
                key.accessKeyId(),
                key.scope(),
                timestamp,
                signedAt,
                List.of(query.first("X-Amz-SignedHeaders")
                        .orElseThrow()
                        .toLowerCase(Locale.ROOT)
                        .split(";")),
                query.first(SIGNATURE).orElseThrow(),
                Optional.of(expires(query.first(EXPIRES).orElseThrow())));
    }

    private static long expires(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw malformed("X-Amz-Expires should be a number");
        }
        long seconds = Long.parseLong(text);
        if (seconds < 0) {
            throw malformed("X-Amz-Expires must be non-negative");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw malformed(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");
        }
        return seconds;
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(S3ErrorCode.AUTHORIZATION_QUERY_PARAMETERS_ERROR, why);
    }
}
