package io.moorage.operator.text;

import java.util.Locale;

/** Sizes for people. */
public final class Sizes {
    private static final String[] UNITS = {"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    private Sizes() {}

    /** As Kubernetes writes quantities, with at most one decimal place: 512, 1.5Gi. */
    public static String show(long bytes) {
        if (bytes < 1024) {
            return Long.toString(bytes);
        }
        int unit = -1;
        double value = bytes;
        while (unit + 1 < UNITS.length && value >= 1024) {
            value /= 1024;
            unit++;
        }
        String text = String.format(Locale.ROOT, "%.1f", value);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + UNITS[unit];
    }
}
