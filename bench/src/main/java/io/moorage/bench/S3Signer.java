package io.moorage.bench;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests for S3 as cheaply as that can be done (Signature Version 4, with an unsigned payload), so that it is not the client
 * that is measured. Keys and queries must need no encoding. Thread-safe.
 */
final class S3Signer {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String HEADERS = "host;x-amz-content-sha256;x-amz-date";
    private static final String PAYLOAD = "UNSIGNED-PAYLOAD";
    private static final String SCOPE = "/us-east-1/s3/aws4_request";

    private final String id;
    private final String secret;

    S3Signer(String id, String secret) {
        this.id = id;
        this.secret = secret;
    }

    /** From AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
    static S3Signer of(Map<String, String> environment) {
        String id = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (id == null || secret == null) {
            throw new IllegalStateException("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set for S3");
        }
        return new S3Signer(id, secret);
    }

    /** @param query of the URL, its parameters in order and each with its '='; may be empty */
    HttpRequest.Builder sign(String method, String url, String query, HttpRequest.BodyPublisher body) {
        URI uri = URI.create(query.isEmpty() ? url : url + "?" + query);
        String time = TIME.format(Instant.now());
        String day = time.substring(0, 8);
        String host = uri.getHost() + ":" + uri.getPort();
        String canonical = method + "\n" + uri.getRawPath() + "\n" + query + "\nhost:" + host
                + "\nx-amz-content-sha256:" + PAYLOAD + "\nx-amz-date:" + time + "\n\n" + HEADERS + "\n" + PAYLOAD;
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + day + SCOPE + "\n" + sha256(canonical);
        byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), day);
        for (String part : new String[] {"us-east-1", "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return HttpRequest.newBuilder(uri)
                .method(method, body)
                .header("x-amz-content-sha256", PAYLOAD)
                .header("x-amz-date", time)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + id + "/" + day + SCOPE + ", SignedHeaders=" + HEADERS
                                + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign)));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
