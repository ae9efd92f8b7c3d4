package io.moorage.crds.v1alpha1;

/** Regular expressions (in the common subset of RE2 and Java) of the schema and its rules. */
public final class Patterns {
    /** RFC 1123 label. */
    public static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /** RFC 1123 subdomain: what most resource names look like. */
    public static final String DNS_SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /** As Go writes durations: "30s", "10m", "1h30m". */
    public static final String DURATION = "^([0-9]+([.][0-9]+)?(h|m|s|ms))+$";

    private static final String STEP = "(/[1-9][0-9]?)?";
    private static final String MINUTE = "[0-5]?[0-9]";
    private static final String HOUR = "([01]?[0-9]|2[0-3])";
    private static final String DAY = "(0?[1-9]|[12][0-9]|3[01])";
    private static final String MONTH = "(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
    private static final String WEEKDAY = "([0-7]|sun|mon|tue|wed|thu|fri|sat)";
    private static final String MINUTES = "([*]|" + MINUTE + "(-" + MINUTE + ")?)" + STEP;
    private static final String HOURS = "([*]|" + HOUR + "(-" + HOUR + ")?)" + STEP;
    private static final String DAYS = "([*]|" + DAY + "(-" + DAY + ")?)" + STEP;
    private static final String MONTHS = "([*]|" + MONTH + "(-" + MONTH + ")?)" + STEP;
    private static final String WEEKDAYS = "([*]|" + WEEKDAY + "(-" + WEEKDAY + ")?)" + STEP;

    /**
     * Five fields as in crontab(5), or a macro such as @daily. It does not see that a range runs backwards, or that a day
     * such as 31 February never comes.
     */
    public static final String CRON = "(?i)^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|"
            + MINUTES + "(," + MINUTES + ")* +"
            + HOURS + "(," + HOURS + ")* +"
            + DAYS + "(," + DAYS + ")* +"
            + MONTHS + "(," + MONTHS + ")* +"
            + WEEKDAYS + "(," + WEEKDAYS + ")*)$";

    private Patterns() {}
}
