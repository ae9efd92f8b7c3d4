package io.moorage.client.kv;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a volume's changes: behind one of them. Equal on all replicas, for ever. As text "version" (behind all that this
 * version changed) or "version-ordinal".
 *
 * @param ordinal within the version; -1 = behind all of it
 */
public record Position(long version, int ordinal) {
    private static final int WHOLE = -1;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})(?:-(\\d{1,9}))?");

    /** Before everything. */
    public static final Position START = after(0);

    /** Behind all that a version changed. */
    public static Position after(long version) {
        return new Position(version, WHOLE);
    }

    /** @throws IllegalArgumentException if it is not the text of a position */
    public static Position parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "position '" + text + "' must be a version, or a version and an ordinal such as 8192-3");
        }
        return new Position(
                Long.parseLong(matcher.group(1)),
                matcher.group(2) == null ? WHOLE : Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return ordinal == WHOLE ? Long.toString(version) : version + "-" + ordinal;
    }
}
