package io.moorage.node.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * What a key may look like: UTF-8, without U+0000, which ends keys in the store, and without a '/' at its beginning. Everything else
 * is allowed, because S3 allows it: faces that take keys for paths have rules of their own.
 */
public final class KeyRules {
    /** What a hidden key begins with; the rest is as any other key. */
    public static final char HIDDEN = '\u0001';

    private KeyRules() {}

    /** @throws Refusal INVALID_ARGUMENT, unless it is the key of a file that is not hidden */
    public static byte[] file(String key) {
        return file(key, false);
    }

    /**
     * @param hidden it may be hidden
     * @throws Refusal INVALID_ARGUMENT, unless it is the key of a file
     */
    public static byte[] file(String key, boolean hidden) {
        byte[] bytes = any("key", key, hidden);
        if (key.endsWith("/")) {
            throw Refusal.invalid("key " + show(key) + " ends with '/', which names a directory; leave the '/' out");
        }
        return bytes;
    }

    /** @throws Refusal INVALID_ARGUMENT, unless it is the key of a directory that is not hidden */
    public static byte[] directory(String key) {
        return directory(key, false);
    }

    /**
     * @param hidden it may be hidden
     * @throws Refusal INVALID_ARGUMENT, unless it is the key of a directory
     */
    public static byte[] directory(String key, boolean hidden) {
        byte[] bytes = any("directory", key, hidden);
        if (!key.endsWith("/")) {
            throw Refusal.invalid("directory " + show(key) + " must end with '/'");
        }
        return bytes;
    }

    /** @throws Refusal INVALID_ARGUMENT, unless it is a file's or a directory's key, not hidden; its UTF-8 bytes */
    public static byte[] any(String field, String key) {
        return any(field, key, false);
    }

    /**
     * @param hidden it may be hidden
     * @throws Refusal INVALID_ARGUMENT, unless it is a file's or a directory's key; its UTF-8 bytes
     */
    public static byte[] any(String field, String key, boolean hidden) {
        byte[] bytes = encode(field, key);
        String visible = hidden && isHidden(key) ? key.substring(1) : key;
        if (visible.isEmpty()) {
            throw Refusal.invalid(field + " is empty; give it 1 to " + StoreLimits.MAX_KEY_BYTES + " bytes");
        }
        if (bytes.length > StoreLimits.MAX_KEY_BYTES) {
            throw Refusal.invalid(field + " " + show(key) + " has " + bytes.length + " bytes; at most "
                    + StoreLimits.MAX_KEY_BYTES + " are allowed");
        }
        checkCharacters(field, visible);
        if (visible.startsWith("/")) {
            throw Refusal.invalid(field + " " + show(key) + " starts with '/'; keys are relative to their volume");
        }
        if (!hidden && isHidden(key)) {
            throw Refusal.invalid(field + " " + show(key) + " starts with the control character U+0001; remove it");
        }
        return bytes;
    }

    /** Whether nobody sees it who does not ask for it. */
    public static boolean isHidden(String key) {
        return !key.isEmpty() && key.charAt(0) == HIDDEN;
    }

    /** A prefix is any beginning of a key that is not hidden; only its encoding and length are checked. */
    public static byte[] prefix(String field, String prefix) {
        return prefix(field, prefix, false);
    }

    /** @param hidden it may begin a hidden key */
    public static byte[] prefix(String field, String prefix, boolean hidden) {
        byte[] bytes = encode(field, prefix);
        if (bytes.length > StoreLimits.MAX_KEY_BYTES) {
            throw Refusal.invalid(field + " " + show(prefix) + " has " + bytes.length + " bytes; at most "
                    + StoreLimits.MAX_KEY_BYTES + " are allowed");
        }
        checkCharacters(field, prefix);
        if (!hidden && isHidden(prefix)) {
            throw Refusal.invalid(field + " " + show(prefix) + " starts with the control character U+0001; remove it");
        }
        return bytes;
    }

    /** A key as it can stand in a message: quoted, control characters escaped, shortened. */
    public static String show(String key) {
        StringBuilder text = new StringBuilder("'");
        int shown = Math.min(key.length(), 80);
        for (int i = 0; i < shown; i++) {
            char c = key.charAt(i);
            if (isControl(c) || Character.isSurrogate(c) && !isPaired(key, i)) {
                text.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append(shown < key.length() ? "…'" : "'").toString();
    }

    private static byte[] encode(String field, String key) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(key));
            byte[] array = new byte[bytes.remaining()];
            bytes.get(array);
            return array;
        } catch (CharacterCodingException e) {
            throw Refusal.invalid(field + " " + show(key) + " is not valid Unicode; send it as UTF-8");
        }
    }

    private static void checkCharacters(String field, String key) {
        int at = key.indexOf('\u0000');
        if (at >= 0) {
            throw Refusal.invalid(
                    field + " " + show(key) + " has the control character U+0000 at position " + at + "; remove it");
        }
    }

    private static boolean isControl(char c) {
        return c < 0x20 || c >= 0x7f && c <= 0x9f;
    }

    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
