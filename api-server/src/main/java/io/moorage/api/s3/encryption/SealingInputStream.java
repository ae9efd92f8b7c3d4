package io.moorage.api.s3.encryption;

import io.moorage.api.http.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/** Bytes as they are read from another stream, sealed: see {@link Segments}. It holds two segments. Not thread-safe. */
final class SealingInputStream extends BulkInputStream {
    private final InputStream plain;
    private final SecretKey key;
    private final byte[] sealed = new byte[Segments.SEALED];
    private byte[] next;
    private byte[] window;
    private int position;
    private int end;
    private long segment;
    private boolean ended;

    SealingInputStream(InputStream plain, ObjectKey object) {
        this.plain = plain;
        byte[] salt = ObjectKey.drawn(Segments.HEADER);
        this.key = object.ofStream(salt);
        this.window = salt;
        this.end = salt.length;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == end && !fill()) {
            return -1;
        }
        int n = Math.min(length, end - position);
        System.arraycopy(window, position, bytes, offset, n);
        position += n;
        return n;
    }

    /** Reads one segment ahead: which one is the last is known only when nothing comes after it. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        byte[] now = next == null ? plain.readNBytes(Segments.PLAIN) : next;
        next = now.length < Segments.PLAIN ? new byte[0] : plain.readNBytes(Segments.PLAIN);
        if (now.length < Segments.PLAIN) {
            // The end itself, where what was said of the bytes is verified.
            expectEnd();
        }
        ended = next.length == 0;
        try {
            end = Segments.cipher(Cipher.ENCRYPT_MODE, key, segment, ended).doFinal(now, 0, now.length, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        window = sealed;
        position = 0;
        segment++;
        return true;
    }

    private void expectEnd() throws IOException {
        if (plain.read() >= 0) {
            throw new IllegalStateException("a stream went on after its end");
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
