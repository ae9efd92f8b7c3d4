package io.moorage.bench;

/** Sizes as they are given to the load generators. */
public final class ByteSize {
    private ByteSize() {}

    /**
     * @param text bytes, or a number with KiB or MiB; less than 2 GiB in all
     * @throws NumberFormatException if it is not one of these
     */
    public static int parse(String text) {
        int shift = text.endsWith("KiB") ? 10 : text.endsWith("MiB") ? 20 : 0;
        return Integer.parseInt(shift == 0 ? text : text.substring(0, text.length() - 3)) << shift;
    }
}
