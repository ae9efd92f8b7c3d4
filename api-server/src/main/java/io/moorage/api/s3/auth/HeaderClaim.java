package io.moorage.api.s3.auth;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.HttpDates;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads Authorization (Amazon S3 API reference, "Using the Authorization header"). */
final class HeaderClaim {
    private HeaderClaim() {}

    /** @throws S3Exception AuthorizationHeaderMalformed, or for other schemes InvalidRequest and InvalidArgument */
    static Claim parse(String authorization, Headers headers) {
        int blank = authorization.indexOf(' ');
        String scheme = blank < 0 ? authorization : authorization.substring(0, blank);
        if (!scheme.equals(SignatureV4.ALGORITHM)) {
            throw unsupported(scheme);
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : authorization.substring(scheme.length()).split(",")) {
            String[] parts = field.trim().split("=", 2);
            fields.put(parts[0], parts.length == 2 ? parts[1].trim() : "");
        }
        for (String name : List.of("Credential", "SignedHeaders", "Signature")) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw malformed("the " + name + " field is missing.");
            }
        }
        String credential = fields.get("Credential");
        Scope.OfKey key = Scope.OfKey.parse(credential)
                .orElseThrow(
                        () -> malformed(
                                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."));
        if (!key.scope().service().equals("s3")) {
            throw malformed("incorrect service \"" + key.scope().service() + "\". This endpoint belongs to \"s3\".");
        }
        Instant signedAt = signedAt(headers);
        String timestamp = SignatureV4.timestamp(signedAt);
        if (!timestamp.startsWith(key.scope().date())) {
            throw malformed("Invalid credential date \"" + key.scope().date()
                    + "\". This date is not the same as X-Amz-Date: \"" + timestamp.substring(0, 8) + "\".");
        }
        return new Claim(
                key.accessKeyId(),
                key.scope(),
                timestamp,
                signedAt,
                List.of(fields.get("SignedHeaders").toLowerCase(Locale.ROOT).split(";")),
                fields.get("Signature"),
                Optional.empty());
    }

    private static Instant signedAt(Headers headers) {
        Optional<String> amzDate = headers.first("x-amz-date");
        if (amzDate.isPresent()) {
            try {
                return SignatureV4.parseTimestamp(amzDate.get());
            } catch (DateTimeException e) {
                return HttpDates.parse(amzDate.get()).orElseThrow(HeaderClaim::noDate);
            }
        }
        return headers.first("Date").flatMap(HttpDates::parse).orElseThrow(HeaderClaim::noDate);
    }

    private static S3Exception noDate() {
        return new S3Exception(
                S3ErrorCode.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header");
    }

    /** Signature Version 2, Version 4A, and what is none of S3's. */
    private static S3Exception unsupported(String scheme) {
        if (scheme.startsWith("AWS")) {
            return new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        // The rest of the header may be a secret of another scheme.
        return S3Exception.invalidArgument("Unsupported Authorization Type", "Authorization", scheme);
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(
                S3ErrorCode.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; " + why);
    }
}
