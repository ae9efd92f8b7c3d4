package io.moorage.api.users;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Random access keys, of the lengths that S3 clients know.
 *
 * @param id 20 characters, 80 random bits
 * @param secret 40 characters, 240 random bits
 */
record NewKeys(String id, String secret) {
    /** Base32 of RFC 4648. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final String PREFIX = "MOOR";
    private static final int ID_LENGTH = 20;
    private static final int SECRET_BYTES = 30;
    private static final SecureRandom RANDOM = new SecureRandom();

    static NewKeys random() {
        StringBuilder id = new StringBuilder(PREFIX);
        while (id.length() < ID_LENGTH) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new NewKeys(id.toString(), Base64.getEncoder().encodeToString(secret));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return id;
    }
}
