package io.moorage.api.files;

import io.moorage.api.http.Problem;
import java.nio.charset.StandardCharsets;

/**
 * What new files and directories may be called: nothing that a file system or a URL would take for something else. Entries that came
 * in another way, as by S3, may have other names, and are read and deleted by them.
 */
final class FileNames {
    private static final int MAX_BYTES = 1024;

    private FileNames() {}

    /** @throws Problem 400 that names the field and what is wrong */
    static void check(String field, String key) {
        int length = key.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw Problem.invalid(field + " has " + length + " bytes; at most " + MAX_BYTES + " are allowed");
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < 0x20 || c >= 0x7f && c <= 0x9f) {
                throw Problem.invalid(String.format(
                        java.util.Locale.ROOT,
                        "%s has the control character U+%04X at position %d; remove it",
                        field,
                        (int) c,
                        i));
            }
        }
        String[] segments = key.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].isEmpty() && !last || segments[i].equals(".") || segments[i].equals("..")) {
                throw Problem.invalid(field + " '" + key + "' has the segment '" + segments[i] + "' before position "
                        + (i + 1) + "; write the path without it");
            }
        }
    }
}
