package io.moorage.api.s3.encryption;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/** Sealed bytes that are written to it go to another stream, opened: see {@link Segments}. It holds one segment. Not thread-safe. */
final class OpeningOutputStream extends OutputStream {
    private final OutputStream out;
    private final ObjectKey object;
    private final List<Long> sizes;
    private final byte[] gathered = new byte[Segments.SEALED];
    private final byte[] opened = new byte[Segments.PLAIN];
    private int filled;
    private int stream;
    private long segment;
    private SecretKey key;
    private long skip;
    private long left;

    /**
     * @param sizes of the streams, opened
     * @param at where in them the sealed bytes begin
     * @param salt of the stream in which they begin; null: it is the first that comes
     * @param skip opened bytes that are not wanted
     * @param length opened bytes that are wanted after them
     */
    OpeningOutputStream(
            OutputStream out, ObjectKey object, List<Long> sizes, Place at, byte[] salt, long skip, long length) {
        this.out = out;
        this.object = object;
        this.sizes = sizes;
        this.stream = at.stream();
        this.segment = at.segment();
        this.key = salt == null ? null : object.ofStream(salt);
        this.skip = skip;
        this.left = length;
    }

    /** A segment of one of several streams. */
    record Place(int stream, long segment) {}

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            int n = Math.min(wanted() - filled, end - from);
            System.arraycopy(bytes, from, gathered, filled, n);
            filled += n;
            from += n;
            if (filled == wanted()) {
                filled = 0;
                take();
            }
        }
    }

    /** Bytes of what comes next: a salt, or a segment. */
    private int wanted() {
        if (key == null) {
            return Segments.HEADER;
        }
        return (int) Math.min(Segments.PLAIN, sizes.get(stream) - segment * Segments.PLAIN) + Segments.TAG;
    }

    private void take() throws IOException {
        if (key == null) {
            key = object.ofStream(java.util.Arrays.copyOf(gathered, Segments.HEADER));
            return;
        }
        boolean last = segment == Segments.count(sizes.get(stream)) - 1;
        int n;
        try {
            n = Segments.cipher(Cipher.DECRYPT_MODE, key, segment, last).doFinal(gathered, 0, wanted(), opened);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("segment " + segment + " of stream " + stream
                    + " is not what was encrypted: the object was changed by other means than S3");
        }
        int from = (int) Math.min(skip, n);
        int length = (int) Math.min(left, n - from);
        skip -= from;
        left -= length;
        out.write(opened, from, length);
        segment++;
        if (last) {
            stream++;
            segment = 0;
            key = null;
        }
    }
}
