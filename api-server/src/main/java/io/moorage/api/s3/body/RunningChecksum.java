package io.moorage.api.s3.body;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.Checksum;

/** A checksum in the making. Not thread-safe. */
public interface RunningChecksum {
    /** More of what it is of. */
    void update(byte[] bytes, int offset, int length);

    /** Of all that was fed; call it once, at the end. */
    byte[] value();

    /** One of the JDK's digests. */
    static RunningChecksum of(String digest) {
        MessageDigest running;
        try {
            running = MessageDigest.getInstance(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(digest + " is part of every JDK", e);
        }
        return new RunningChecksum() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                running.update(bytes, offset, length);
            }

            @Override
            public byte[] value() {
                return running.digest();
            }
        };
    }

    /** A CRC; its value has the highest octet first. */
    static RunningChecksum of(Checksum checksum, int length) {
        return new RunningChecksum() {
            @Override
            public void update(byte[] bytes, int offset, int n) {
                checksum.update(bytes, offset, n);
            }

            @Override
            public byte[] value() {
                return MultipartDigests.octets(checksum.getValue(), length);
            }
        };
    }
}
