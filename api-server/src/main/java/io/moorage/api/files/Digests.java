package io.moorage.api.files;

import com.google.protobuf.ByteString;
import io.javalin.http.Context;
import io.moorage.api.http.Problem;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.Entry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Content-Digest and Repr-Digest (RFC 9530), which are the same thing here: bodies are whole representations without content
 * coding. Algorithms: sha-256 and sha-512; others are ignored, as the RFC says.
 */
final class Digests {
    private static final Map<String, String> ALGORITHMS = Map.of("sha-256", "SHA-256", "sha-512", "SHA-512");

    private final Map<String, byte[]> expected = new TreeMap<>();
    private final Map<String, MessageDigest> running = new TreeMap<>();

    private Digests() {}

    /** What was sent with a body. */
    static Digests sent(Context context) {
        Digests digests = new Digests();
        for (String header : List.of("Content-Digest", "Repr-Digest")) {
            String value = context.header(header);
            if (value != null) {
                parse(header, value).forEach((algorithm, bytes) -> {
                    byte[] other = digests.expected.put(algorithm, bytes);
                    if (other != null && !Arrays.equals(other, bytes)) {
                        throw Problem.invalid("Content-Digest and Repr-Digest disagree about " + algorithm);
                    }
                    digests.running.put(algorithm, newDigest(algorithm));
                });
            }
        }
        return digests;
    }

    /** A dictionary of byte sequences (RFC 8941 §3.2, §3.3.5): sha-256=:base64:, ... */
    private static Map<String, byte[]> parse(String header, String value) {
        Map<String, byte[]> parsed = new LinkedHashMap<>();
        for (String member : value.split(",")) {
            String[] parts = member.trim().split("=", 2);
            String bytes = parts.length == 2 ? parts[1].trim() : "";
            if (bytes.length() < 2 || !bytes.startsWith(":") || !bytes.endsWith(":")) {
                throw Problem.invalid(header + " '" + value + "' must look like sha-256=:<base64>:");
            }
            String algorithm = parts[0].trim();
            if (ALGORITHMS.containsKey(algorithm)) {
                try {
                    parsed.put(algorithm, Base64.getDecoder().decode(bytes.substring(1, bytes.length() - 1)));
                } catch (IllegalArgumentException e) {
                    throw Problem.invalid(header + ": the value of " + algorithm + " is not base64");
                }
            }
        }
        return parsed;
    }

    /** The body; what is read of it is digested, if a digest was sent. */
    InputStream digesting(InputStream body) {
        if (running.isEmpty()) {
            return body;
        }
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                if (b >= 0) {
                    running.values().forEach(digest -> digest.update((byte) b));
                }
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int n = in.read(bytes, offset, length);
                if (n > 0) {
                    running.values().forEach(digest -> digest.update(bytes, offset, n));
                }
                return n;
            }
        };
    }

    /** After the last byte: the digests to keep. @throws Problem 400 if one does not fit */
    List<Digest> verify() {
        List<Digest> verified = new ArrayList<>();
        running.forEach((algorithm, digest) -> {
            byte[] actual = digest.digest();
            if (!MessageDigest.isEqual(actual, expected.get(algorithm))) {
                throw new Problem(
                        400,
                        "digest-mismatch",
                        "the body has the " + algorithm + " "
                                + Base64.getEncoder().encodeToString(actual)
                                + ", which is not what was sent with it; nothing was stored");
            }
            verified.add(Digest.newBuilder()
                    .setAlgorithm(algorithm)
                    .setValue(ByteString.copyFrom(actual))
                    .build());
        });
        return verified;
    }

    /** The algorithm that a Want-Repr-Digest or Want-Content-Digest prefers, of those that are there. */
    static Optional<String> wanted(Context context, String header) {
        String value = context.header(header);
        if (value == null) {
            return Optional.empty();
        }
        String best = null;
        int bestWeight = 0;
        for (String member : value.split(",")) {
            String[] parts = member.trim().split("=", 2);
            int weight =
                    parts.length == 2 && parts[1].trim().matches("\\d{1,2}") ? Integer.parseInt(parts[1].trim()) : 1;
            if (ALGORITHMS.containsKey(parts[0].trim()) && weight > bestWeight) {
                best = parts[0].trim();
                bestWeight = weight;
            }
        }
        return Optional.ofNullable(best);
    }

    /** A digest that was kept with the entry. */
    static Optional<byte[]> kept(Entry entry, String algorithm) {
        return entry.getDigestsList().stream()
                .filter(digest -> digest.getAlgorithm().equals(algorithm))
                .map(digest -> digest.getValue().toByteArray())
                .findFirst();
    }

    static MessageDigest newDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(ALGORITHMS.get(algorithm));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String header(String algorithm, byte[] value) {
        return algorithm + "=:" + Base64.getEncoder().encodeToString(value) + ":";
    }
}
