package io.moorage.operator.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, which is how custom resources do: 30s, 1h30m, 1.5h, 500ms. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:[.][0-9]+)?)(h|ms|m|s)");
    private static final Map<String, BigDecimal> MILLIS = Map.of(
            "h", BigDecimal.valueOf(3_600_000),
            "m", BigDecimal.valueOf(60_000),
            "s", BigDecimal.valueOf(1000),
            "ms", BigDecimal.ONE);

    private Durations() {}

    /** To the millisecond. @throws IllegalArgumentException that names the text */
    public static Duration parse(String text) {
        Matcher matcher = PART.matcher(text);
        BigDecimal millis = BigDecimal.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            millis = millis.add(new BigDecimal(matcher.group(1)).multiply(MILLIS.get(matcher.group(2))));
            end = matcher.end();
        }
        if (text.isEmpty() || end != text.length()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration: write it as 30s, 10m or 1h30m");
        }
        return Duration.ofMillis(millis.longValue());
    }
}
