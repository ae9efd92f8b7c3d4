package io.moorage.cli.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The end of a log, read from behind. */
public final class LogTail {
    private static final int CHUNK = 8 * 1024;
    private static final int MOST = 16 * 1024 * 1024;

    private LogTail() {}

    /** The last lines, at most 16 MiB of them; none if there is no such file. */
    public static List<String> of(Path file, int lines) throws IOException {
        if (!Files.exists(file) || lines <= 0) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long start = startOfLast(log, lines);
            byte[] bytes = new byte[(int) Math.min(MOST, log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            List<String> all = new ArrayList<>(
                    new String(bytes, StandardCharsets.UTF_8).lines().toList());
            return all.subList(Math.max(0, all.size() - lines), all.size());
        }
    }

    /** Where the last lines begin. */
    private static long startOfLast(RandomAccessFile log, int lines) throws IOException {
        long position = log.length();
        long floor = Math.max(0, position - MOST);
        // The line end of the last line ends no other one.
        int wanted = lines + 1;
        byte[] chunk = new byte[CHUNK];
        while (position > floor) {
            int size = (int) Math.min(CHUNK, position - floor);
            position -= size;
            log.seek(position);
            log.readFully(chunk, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                if (chunk[i] == '\n' && --wanted == 0) {
                    return position + i + 1;
                }
            }
        }
        return floor;
    }
}
