package io.moorage.client.kv;

import java.util.Optional;

/**
 * Which changes are wanted. Immutable.
 *
 * @param after changes behind this; empty = from the oldest that is kept
 * @param prefix of keys, "" = all
 * @param limit 1 to 1000
 * @param keysOnly leave values out
 */
public record ChangeQuery(Optional<Position> after, String prefix, int limit, boolean keysOnly) {

    public static ChangeQuery after(Position position) {
        return new ChangeQuery(Optional.of(position), "", 500, false);
    }

    public static ChangeQuery fromOldest() {
        return new ChangeQuery(Optional.empty(), "", 500, false);
    }

    public ChangeQuery withPrefix(String value) {
        return new ChangeQuery(after, value, limit, keysOnly);
    }

    public ChangeQuery from(Position position) {
        return new ChangeQuery(Optional.of(position), prefix, limit, keysOnly);
    }
}
