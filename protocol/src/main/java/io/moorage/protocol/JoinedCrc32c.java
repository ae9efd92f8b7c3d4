package io.moorage.protocol;

/**
 * The CRC32C of bytes that come in pieces whose checksums are known already: what {@code FinishExtent.crc32c} is made of without
 * going over the bytes once more. The method is that of zlib's crc32_combine (Adler 2021), with the polynomial of RFC 3720
 * appendix B.4. Not thread-safe.
 */
public final class JoinedCrc32c {
    private static final int POLYNOMIAL = 0x82F63B78;
    private static final int ONE = 1 << 31;
    /** x to the power of 2, 4, 8... modulo the polynomial. */
    private static final int[] POWERS = powers();

    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int BLOCK_SHIFT = shift(BLOCK_BYTES);

    private int crc;

    /**
     * Goes on with another piece.
     *
     * @param pieceCrc CRC32C of the piece alone
     * @param bytes its length; 64 KiB is fastest
     */
    public void append(int pieceCrc, int bytes) {
        crc = multiply(bytes == BLOCK_BYTES ? BLOCK_SHIFT : shift(bytes), crc) ^ pieceCrc;
    }

    /** CRC32C of all pieces so far; 0 if there was none. */
    public int value() {
        return crc;
    }

    public void reset() {
        crc = 0;
    }

    /** What a checksum is multiplied by when this many bytes follow: x to the power of 8 * bytes. */
    private static int shift(int bytes) {
        int product = ONE;
        for (int rest = bytes, power = 3; rest != 0; rest >>>= 1, power++) {
            if ((rest & 1) != 0) {
                product = multiply(POWERS[power & 31], product);
            }
        }
        return product;
    }

    private static int[] powers() {
        int[] powers = new int[32];
        powers[0] = 1 << 30;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = multiply(powers[i - 1], powers[i - 1]);
        }
        return powers;
    }

    /** Of polynomials over GF(2), the highest bit being the lowest power. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
        }
        return product;
    }
}
