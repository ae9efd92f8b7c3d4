package io.moorage.operator.naming;

import java.text.ParseException;
import java.time.Duration;

/** Durations as the custom resources write them: "10m", "1h30m", "168h". */
public final class Durations {
    private Durations() {}

    /** @throws IllegalArgumentException if it is none; the schema of the resources lets only good ones in */
    public static Duration parse(String text) {
        try {
            return io.fabric8.kubernetes.api.model.Duration.parse(text).getDuration();
        } catch (ParseException e) {
            throw new IllegalArgumentException("'" + text + "' is not a duration, such as 10m", e);
        }
    }
}
