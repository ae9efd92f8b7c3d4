package io.moorage.api.s3.auth;

import io.moorage.api.s3.request.Headers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The calculations of AWS Signature Version 4 (Amazon S3 API reference, "Authenticating requests"). Pure functions. */
final class SignatureV4 {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    /** SHA-256 of nothing. */
    static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String HMAC = "HmacSHA256";
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SignatureV4() {}

    /** 20130524T000000Z. */
    static String timestamp(Instant instant) {
        return TIMESTAMP.format(instant);
    }

    /** @throws java.time.DateTimeException if it is not one */
    static Instant parseTimestamp(String timestamp) {
        return TIMESTAMP.parse(timestamp, Instant::from);
    }

    /** The key that signs within a scope. */
    static byte[] signingKey(String secret, Scope scope) {
        byte[] date = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), scope.date());
        byte[] region = hmac(date, scope.region());
        byte[] service = hmac(region, scope.service());
        return hmac(service, Scope.END);
    }

    /**
     * @param path encoded
     * @param query canonical
     * @param signedHeaders in lower case, in the order in which they were signed
     * @param payload hash of the body, or what stands for it
     */
    static String canonicalRequest(
            String method,
            String path,
            String query,
            Headers headers,
            Collection<String> signedHeaders,
            String payload) {
        StringBuilder canonical = new StringBuilder(512);
        canonical
                .append(method)
                .append('\n')
                .append(path)
                .append('\n')
                .append(query)
                .append('\n');
        for (String name : signedHeaders) {
            canonical.append(name).append(':');
            canonical.append(
                    headers.all(name).stream().map(SignatureV4::trimmed).collect(Collectors.joining(",")));
            canonical.append('\n');
        }
        canonical
                .append('\n')
                .append(String.join(";", signedHeaders))
                .append('\n')
                .append(payload);
        return canonical.toString();
    }

    /** Without white space around it, and with one blank wherever there was some within. */
    private static String trimmed(String value) {
        StringBuilder out = new StringBuilder(value.length());
        boolean blank = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                blank = out.length() > 0;
            } else {
                if (blank) {
                    out.append(' ');
                    blank = false;
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    static String stringToSign(String timestamp, Scope scope, String canonicalRequest) {
        return ALGORITHM + "\n" + timestamp + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256(canonicalRequest));
    }

    /** In lower-case hex. */
    static String sign(byte[] signingKey, String stringToSign) {
        return HexFormat.of().formatHex(hmac(signingKey, stringToSign));
    }

    /** In a time that does not depend on where they differ. */
    static boolean same(String expected, String provided) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), provided.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(String text) {
        return newSha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(HMAC + " is part of every JDK", e);
        }
    }
}
