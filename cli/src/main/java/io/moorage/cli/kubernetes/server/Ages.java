package io.moorage.cli.kubernetes.server;

import java.time.Duration;

/** Durations as kubectl shows them. */
final class Ages {
    private Ages() {}

    static String show(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        } else if (minutes < 10) {
            return both(minutes, "m", seconds % 60, "s");
        } else if (hours < 3) {
            return minutes + "m";
        } else if (hours < 8) {
            return both(hours, "h", minutes % 60, "m");
        } else if (hours < 48) {
            return hours + "h";
        } else if (days < 8) {
            return both(days, "d", hours % 24, "h");
        } else if (days < 730) {
            return days + "d";
        }
        return days / 365 + "y" + days % 365 + "d";
    }

    private static String both(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : small + smallUnit);
    }
}
