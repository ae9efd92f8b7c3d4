package io.moorage.operator.text;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A schedule as in crontab(5), five fields or a macro, in a time zone. Immutable. */
public final class Cron {
    private static final Map<String, String> MACROS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private final ExecutionTime times;
    private final ZoneId zone;

    private Cron(ExecutionTime times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /** @throws IllegalArgumentException that says what is wrong with it */
    public static Cron parse(String schedule, String timeZone) {
        ZoneId zone;
        try {
            zone = ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "time zone '" + timeZone + "' is not known: use a name of the IANA"
                            + " database, such as Europe/Berlin",
                    e);
        }
        String text = schedule.trim();
        String fields = MACROS.getOrDefault(text.toLowerCase(Locale.ROOT), text).toUpperCase(Locale.ROOT);
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        return new Cron(ExecutionTime.forCron(parser.parse(fields).validate()), zone);
    }

    public ZoneId zone() {
        return zone;
    }

    /** Empty: never again. */
    public Optional<Instant> after(Instant instant) {
        return times.nextExecution(instant.atZone(zone)).map(time -> time.toInstant());
    }

    /** The last time before this or at it. Empty: never. */
    public Optional<Instant> atOrBefore(Instant instant) {
        return times.lastExecution(
                        instant.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).atZone(zone))
                .map(time -> time.toInstant());
    }

    /**
     * Why a schedule that the schema lets through is of no use: a time zone that does not exist, a range that runs backwards, a
     * day that never comes. Empty: it is fine.
     */
    public static Optional<String> flaw(String schedule, String timeZone, Instant now) {
        try {
            return parse(schedule, timeZone).after(now).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            "schedule '" + schedule + "' never comes: no year has such a day; choose another one");
        } catch (IllegalArgumentException e) {
            return Optional.of("schedule '" + schedule + "' in time zone '" + timeZone + "': " + e.getMessage());
        }
    }
}
