package io.moorage.crds.v1alpha1;

/** Common Expression Language rules that several fields share. */
public final class Rules {
    /** For a field that never changes once it is set. */
    public static final String IMMUTABLE = "self == oldSelf";

    /** For a quantity that never shrinks. */
    public static final String GROWS = "quantity(string(self)).compareTo(quantity(string(oldSelf))) >= 0";

    public static final String IS_CRON = "self.matches(r'" + Patterns.CRON + "')";
    public static final String CRON_MESSAGE =
            "must be a cron schedule of five fields (minute hour day month weekday) such as \"0 3 * * 0\","
                    + " or @hourly, @daily, @weekly, @monthly, @yearly";

    /** Opens a rule on the length of a duration: it is closed by the caller with a comparison. */
    public static final String IS_DURATION = "self.matches(r'" + Patterns.DURATION + "')";

    private Rules() {}
}
