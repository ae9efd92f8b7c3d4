package io.moorage.it.nemesis.workload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Bytes that say which they are: a line with their number and size, and then what follows from these.
 *
 * @param size bytes; at least as many as the line has
 */
record NamedContent(long number, int size) {
    String name() {
        return number + " " + size;
    }

    byte[] bytes() {
        byte[] bytes = new byte[size];
        SplittableRandom random = new SplittableRandom(number * 31 + size);
        random.nextBytes(bytes);
        byte[] line = (name() + "\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(line, 0, bytes, 0, line.length);
        return bytes;
    }

    static Optional<String> nameIn(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, 40); i++) {
            if (bytes[i] == '\n') {
                return Optional.of(new String(bytes, 0, i, StandardCharsets.US_ASCII))
                        .filter(name -> name.matches("\\d{1,18} \\d{1,9}"));
            }
        }
        return Optional.empty();
    }

    static boolean isWhole(byte[] bytes) {
        return nameIn(bytes)
                .map(name -> name.split(" "))
                .map(parts -> new NamedContent(Long.parseLong(parts[0]), Integer.parseInt(parts[1])))
                .filter(content -> content.size() == bytes.length)
                .filter(content -> Arrays.equals(content.bytes(), bytes))
                .isPresent();
    }
}
