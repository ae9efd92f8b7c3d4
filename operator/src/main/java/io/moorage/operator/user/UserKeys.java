package io.moorage.operator.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** A pair of access keys, of the lengths that S3 clients know. Immutable. @param id 20 characters @param secret 40 */
record UserKeys(String id, String secret) {
    /** Base32 of RFC 4648. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final String PREFIX = "MOOR";
    private static final int ID_LENGTH = 20;
    private static final int SECRET_BYTES = 30;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** New ones: 80 random bits in the id, 240 in the secret. */
    static UserKeys random() {
        StringBuilder id = new StringBuilder(PREFIX);
        while (id.length() < ID_LENGTH) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new UserKeys(id.toString(), Base64.getEncoder().encodeToString(secret));
    }

    /** Tells whether keys were changed, and not what they are. */
    String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return id;
    }
}
