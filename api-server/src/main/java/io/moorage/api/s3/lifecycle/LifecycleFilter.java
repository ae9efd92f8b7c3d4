package io.moorage.api.s3.lifecycle;

import java.util.Map;
import java.util.Optional;

/**
 * What a rule is about; all of it must hold.
 *
 * @param prefix empty: every key
 * @param tags that an object must have
 * @param sizeGreaterThan bytes, not included
 * @param sizeLessThan bytes, not included
 * @param form how it was written, so that it can be given back like that
 */
public record LifecycleFilter(
        String prefix,
        Map<String, String> tags,
        Optional<Long> sizeGreaterThan,
        Optional<Long> sizeLessThan,
        Form form) {
    /** Where it stood. */
    public enum Form {
        /** Prefix right in the rule: the old form. */
        RULE_PREFIX,
        /** In Filter. */
        FILTER,
        /** In Filter, And. */
        AND
    }

    public LifecycleFilter {
        tags = Map.copyOf(tags);
    }

    /** Of a key alone, as uploads have. Rules with tags or sizes do not speak of uploads. */
    boolean matchesKey(String key) {
        return key.startsWith(prefix);
    }

    boolean aboutMoreThanKeys() {
        return !tags.isEmpty() || sizeGreaterThan.isPresent() || sizeLessThan.isPresent();
    }

    boolean matches(LifecycleObject object) {
        return matchesKey(object.key())
                && object.tags().entrySet().containsAll(tags.entrySet())
                && sizeGreaterThan.map(size -> object.size() > size).orElse(true)
                && sizeLessThan.map(size -> object.size() < size).orElse(true);
    }
}
