package io.moorage.api.s3.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * How a stream of bytes is sealed: 32 bytes of salt, and then segments of 64 KiB (the last one may be shorter, and is there even if
 * it is empty), each under AES-256-GCM with a tag of 16 bytes. The nonce says which segment it is and whether it is the last one, so
 * that segments can neither change places nor be left out (STREAM; Hoang, Reyhanitabar, Rogaway, Vizár, "Online authenticated-encryption
 * and its nonce-reuse misuse-resistance", 2015).
 */
final class Segments {
    static final int PLAIN = 64 * 1024;
    static final int TAG = ObjectKey.TAG_BITS / 8;
    static final int SEALED = PLAIN + TAG;
    static final int HEADER = ObjectKey.SALT_BYTES;

    private Segments() {}

    /** @param plain bytes of the stream */
    static long count(long plain) {
        return Math.max(1, (plain + PLAIN - 1) / PLAIN);
    }

    /** Bytes that a stream has when it is sealed. @param plain bytes of the stream */
    static long sealedSize(long plain) {
        return HEADER + plain + TAG * count(plain);
    }

    /** A cipher for one segment. */
    static Cipher cipher(int mode, SecretKey key, long segment, boolean last) {
        byte[] nonce = ByteBuffer.allocate(ObjectKey.NONCE_BYTES)
                .putInt(last ? 1 : 0)
                .putLong(segment)
                .array();
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(ObjectKey.TAG_BITS, nonce));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
