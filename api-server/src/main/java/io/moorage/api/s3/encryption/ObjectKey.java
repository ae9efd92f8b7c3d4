package io.moorage.api.s3.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one object, drawn at random and kept wrapped by another key. Every stream of bytes of the object (the whole, or a part)
 * is sealed with a key of its own, derived from this one and a salt, so that no nonce is ever used twice with a key. Immutable.
 */
public final class ObjectKey {
    static final int SALT_BYTES = 32;
    static final int TAG_BITS = 128;
    static final int NONCE_BYTES = 12;
    private static final int KEY_BYTES = 32;
    private static final int ETAG_BYTES = 16;
    private static final String HMAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] octets;

    private ObjectKey(byte[] octets) {
        this.octets = octets;
    }

    static ObjectKey random() {
        return new ObjectKey(drawn(KEY_BYTES));
    }

    static byte[] drawn(int bytes) {
        byte[] octets = new byte[bytes];
        RANDOM.nextBytes(octets);
        return octets;
    }

    /** Salt, and then this key under AES-256-GCM with a key that is derived from the other one and the salt. */
    byte[] wrap(byte[] by) {
        byte[] salt = drawn(SALT_BYTES);
        try {
            Cipher cipher = wrapping(Cipher.ENCRYPT_MODE, by, salt);
            byte[] sealed = cipher.doFinal(octets);
            byte[] wrapped = Arrays.copyOf(salt, SALT_BYTES + sealed.length);
            System.arraycopy(sealed, 0, wrapped, SALT_BYTES, sealed.length);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty: it was wrapped by another key. That is how a wrong key is known; nothing else of the right one is kept. */
    static Optional<ObjectKey> unwrap(byte[] wrapped, byte[] by) {
        try {
            Cipher cipher = wrapping(Cipher.DECRYPT_MODE, by, Arrays.copyOf(wrapped, SALT_BYTES));
            return Optional.of(new ObjectKey(cipher.doFinal(wrapped, SALT_BYTES, wrapped.length - SALT_BYTES)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher wrapping(int mode, byte[] by, byte[] salt) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(derive(by, "moorage wrap", salt), "AES"),
                new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        return cipher;
    }

    /** The key of a stream of bytes. */
    SecretKey ofStream(byte[] salt) {
        return new SecretKeySpec(derive(octets, "moorage stream", salt), "AES");
    }

    /**
     * An entity tag that tells nothing of the bytes to who does not have the key, which an MD5 would.
     *
     * @param of the entity tag that it stands for
     * @return 32 hexadecimal digits, as an MD5 has
     */
    public String etag(String of) {
        byte[] tag = derive(octets, "moorage etag", of.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(tag, 0, ETAG_BYTES);
    }

    private static byte[] derive(byte[] key, String purpose, byte[] of) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(of);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ObjectKey";
    }
}
