package io.moorage.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes, rates and times as people write them. */
public final class Sizes {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*(?:([KMGTP])(i?B)?|B)?", Pattern.CASE_INSENSITIVE);

    private Sizes() {}

    /**
     * Bytes of 10GiB or 10G (powers of 1024), 10GB (powers of 1000), 1024.
     *
     * @throws Failure naming the option and the value, if it is not a size
     */
    public static long parse(String option, String text) {
        Matcher matcher = SIZE.matcher(text.trim());
        if (!matcher.matches()) {
            throw Failure.usage(option + " '" + text + "' is not a size; write 10GiB, 500MB or a number of bytes");
        }
        BigDecimal value = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            boolean decimal = "B".equalsIgnoreCase(matcher.group(3));
            int power = 1 + "KMGTP".indexOf(matcher.group(2).toUpperCase(Locale.ROOT));
            value = value.multiply(BigDecimal.valueOf(decimal ? 1000 : 1024).pow(power));
        }
        if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw Failure.usage(option + " '" + text + "' is more than can be counted");
        }
        return value.longValue();
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

    /** 0.4 s, 12.3 s, 2 min 5 s, 1 h 10 min. */
    public static String show(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    /** "1 file", "2 files". */
    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
