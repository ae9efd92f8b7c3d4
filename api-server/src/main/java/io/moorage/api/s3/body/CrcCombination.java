package io.moorage.api.s3.body;

/**
 * The CRC of a concatenation, from the CRCs of its pieces: crc(A·B) = crc(A)·x^(8·|B|) mod P + crc(B). For reflected CRCs that begin
 * and end with all ones. The method is zlib's (Mark Adler, crc32_combine): a polynomial's power by squaring, in O(log n).
 */
final class CrcCombination {
    private final int width;
    private final long polynomial;
    /** x^(2^n) mod P at n. */
    private final long[] powers;

    /**
     * @param width in bits, at most 64
     * @param polynomial reflected, without its highest term
     */
    CrcCombination(int width, long polynomial) {
        this.width = width;
        this.polynomial = polynomial;
        this.powers = new long[64 + 3];
        // The coefficient of x^0 is the highest bit.
        powers[0] = 1L << width - 2;
        for (int n = 1; n < powers.length; n++) {
            powers[n] = multiply(powers[n - 1], powers[n - 1]);
        }
    }

    /**
     * @param first CRC of the first piece
     * @param second CRC of the second
     * @param secondLength octets of the second, not negative
     */
    long combine(long first, long second, long secondLength) {
        long shift = 1L << width - 1;
        for (int bit = 0; secondLength >>> bit != 0 && bit < 64; bit++) {
            if ((secondLength >>> bit & 1) != 0) {
                // Eight bits an octet: three powers of two further.
                shift = multiply(powers[bit + 3], shift);
            }
        }
        return multiply(shift, first) ^ second;
    }

    /** a·b mod P. */
    private long multiply(long a, long b) {
        long product = 0;
        long factor = b;
        for (long bit = 1L << width - 1; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? factor >>> 1 ^ polynomial : factor >>> 1;
        }
        return product;
    }
}
