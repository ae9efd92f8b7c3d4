package io.moorage.api.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The volume and the key in a request's raw path. The server's own decoding would take "//", "%2F" and ".." for something else
 * than they are in a key; what a key may hold is for the store to say.
 */
public record EntryPath(String volume, String key) {
    private static final String PREFIX = "/storage/volumes/";

    /** @param rawPath as it came in the request line */
    public static EntryPath parse(String rawPath) {
        String rest = rawPath.substring(PREFIX.length());
        int slash = rest.indexOf('/');
        String volume = decode(rest.substring(0, slash));
        String raw = rest.substring(slash + "/files".length());
        return new EntryPath(volume, raw.isEmpty() ? "" : decode(raw.substring(1)));
    }

    /** A key as it stands in a path. */
    public static String encode(String key) {
        StringBuilder out = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/!$&'()*,;=:@".indexOf(c) >= 0);
            if (plain) {
                out.append(c);
            } else {
                out.append(String.format(java.util.Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /** Percent-decoding (RFC 3986 §2.1); a plus is a plus. */
    public static String decode(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int value = i + 2 < raw.length() ? hex(raw, i + 1) : -1;
                if (value < 0) {
                    throw Problem.invalid("the path has a '%' at " + i + " that is not followed by two hex digits");
                }
                bytes.write(value);
                i += 2;
            } else {
                byte[] utf8 = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
                bytes.write(utf8, 0, utf8.length);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.invalid("the path is not valid UTF-8 once its %XX are decoded");
        }
    }

    private static int hex(String raw, int at) {
        int high = Character.digit(raw.charAt(at), 16);
        int low = Character.digit(raw.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
