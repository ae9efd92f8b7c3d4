package io.moorage.it;

import java.util.SplittableRandom;

/** Bytes that follow from a name, and look like no other's. */
final class Content {
    private Content() {}

    static byte[] of(String name, int size) {
        byte[] bytes = new byte[size];
        SplittableRandom random = new SplittableRandom(31L * name.hashCode() + size);
        for (int i = 0; i < size; i += Long.BYTES) {
            long next = random.nextLong();
            for (int j = i; j < Math.min(size, i + Long.BYTES); j++) {
                bytes[j] = (byte) next;
                next >>>= Byte.SIZE;
            }
        }
        return bytes;
    }
}
