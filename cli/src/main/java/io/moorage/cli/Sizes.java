package io.moorage.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them. */
public final class Sizes {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
    private static final Pattern SIZE =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(B|[KMGTP]i?B?)?", Pattern.CASE_INSENSITIVE);

    private Sizes() {}

    /** 10GiB, 500MB (the same as MiB), 1024. @throws Failure */
    public static long parse(String text) {
        Matcher matcher = SIZE.matcher(text.trim());
        if (!matcher.matches()) {
            throw Failure.of(Failure.USAGE, "'" + text + "' is not a size; write 10GiB, 500MiB or a number of bytes");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2).toUpperCase(Locale.ROOT);
        int power = "BKMGTP".indexOf(unit.charAt(0));
        return (long) (Double.parseDouble(matcher.group(1)) * (1L << (10 * power)));
    }

    public static String show(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }
}
