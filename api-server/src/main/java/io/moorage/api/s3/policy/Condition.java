package io.moorage.api.s3.policy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * One condition of a statement (IAM user guide, "Condition operators").
 *
 * @param key in lower case
 * @param values one of them must fit; of negated operators, none may
 */
record Condition(Operator operator, boolean ifExists, String key, List<String> values) {
    /** How a request's value is compared with a policy's. */
    enum Operator {
        STRING_EQUALS(false, (policy, request) -> policy.equals(request)),
        STRING_NOT_EQUALS(true, (policy, request) -> policy.equals(request)),
        STRING_EQUALS_IGNORE_CASE(false, (policy, request) -> policy.equalsIgnoreCase(request)),
        STRING_NOT_EQUALS_IGNORE_CASE(true, (policy, request) -> policy.equalsIgnoreCase(request)),
        STRING_LIKE(false, Wildcard::matches),
        STRING_NOT_LIKE(true, Wildcard::matches),
        NUMERIC_EQUALS(false, (policy, request) -> compare(request, policy) == 0),
        NUMERIC_NOT_EQUALS(true, (policy, request) -> compare(request, policy) == 0),
        NUMERIC_LESS_THAN(false, (policy, request) -> compare(request, policy) == -1),
        NUMERIC_LESS_THAN_EQUALS(false, (policy, request) -> compare(request, policy) <= 0),
        NUMERIC_GREATER_THAN(false, (policy, request) -> compare(request, policy) == 1),
        NUMERIC_GREATER_THAN_EQUALS(
                false, (policy, request) -> compare(request, policy) == 0 || compare(request, policy) == 1),
        BOOL(false, (policy, request) -> policy.equalsIgnoreCase(request)),
        IP_ADDRESS(
                false, (policy, request) -> IpRange.parse(policy).orElseThrow().contains(request)),
        NOT_IP_ADDRESS(
                true, (policy, request) -> IpRange.parse(policy).orElseThrow().contains(request)),
        /** Whether the key is absent; decided before anything is compared. */
        NULL(false, (policy, request) -> false);

        private final boolean negated;
        private final BiPredicate<String, String> fits;

        Operator(boolean negated, BiPredicate<String, String> fits) {
            this.negated = negated;
            this.fits = fits;
        }

        /** As policies spell it: StringEquals. */
        String title() {
            StringBuilder title = new StringBuilder();
            for (String word : name().split("_")) {
                title.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
            }
            return title.toString();
        }

        /** Whether a value can stand in a policy. */
        boolean accepts(String value) {
            return switch (this) {
                case BOOL, NULL -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
                case IP_ADDRESS, NOT_IP_ADDRESS -> IpRange.parse(value).isPresent();
                default -> !name().startsWith("NUMERIC") || number(value);
            };
        }

        /** -1, 0 or 1; what is no number is neither, which 2 stands for. */
        private static int compare(String a, String b) {
            return number(a) ? new BigDecimal(a).compareTo(new BigDecimal(b)) : 2;
        }

        private static boolean number(String text) {
            return text.matches("-?\\d{1,18}(\\.\\d{1,9})?");
        }
    }

    boolean holds(Map<String, String> context) {
        String value = context.get(key);
        if (operator == Operator.NULL) {
            return values.stream().anyMatch(absent -> Boolean.parseBoolean(absent) == (value == null));
        }
        if (value == null) {
            return ifExists || operator.negated;
        }
        return values.stream().anyMatch(policy -> operator.fits.test(policy, value)) != operator.negated;
    }
}
