package io.moorage.api.s3.policy;

import io.moorage.api.s3.request.Target;
import java.util.List;
import java.util.Locale;

/**
 * One statement of a bucket policy.
 *
 * @param everybody its principal is "*"
 * @param users names of others
 * @param actions in lower case, with wildcards
 * @param resources what follows "arn:aws:s3:::", with wildcards
 */
record Statement(
        String sid,
        boolean allows,
        boolean everybody,
        List<String> users,
        List<String> actions,
        List<String> resources,
        List<Condition> conditions) {

    boolean isAbout(PolicyRequest request) {
        boolean principal = everybody
                || !request.caller().anonymous()
                        && users.contains(request.caller().user());
        String action = request.action().toLowerCase(Locale.ROOT);
        String resource = resource(request.target());
        return principal
                && actions.stream().anyMatch(pattern -> Wildcard.matches(pattern, action))
                && resources.stream().anyMatch(pattern -> Wildcard.matches(pattern, resource))
                && conditions.stream().allMatch(condition -> condition.holds(request.context()));
    }

    private static String resource(Target target) {
        return target.key().isEmpty() ? target.bucket() : target.bucket() + "/" + target.key();
    }

    /** Whether it lets everybody in, wherever they come from. */
    boolean isPublic() {
        return allows && everybody && conditions.stream().noneMatch(Statement::narrowsCallers);
    }

    /** By AWS's meaning of "public", a fixed range of addresses or a name narrows; most other conditions do not. */
    private static boolean narrowsCallers(Condition condition) {
        if (condition.ifExists()) {
            return false;
        }
        return switch (condition.operator()) {
            case IP_ADDRESS -> condition.values().stream().noneMatch(range -> range.endsWith("/0"));
            case STRING_EQUALS, STRING_EQUALS_IGNORE_CASE -> condition.key().equals("aws:username");
            default -> false;
        };
    }
}
