package io.moorage.api.feed;

import io.moorage.api.http.Problem;
import java.util.regex.Pattern;

/** Names of cursors and webhooks. */
final class FeedNames {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

    private FeedNames() {}

    /** @throws Problem 400 unless it is one */
    static String check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.invalid("name '" + name
                    + "' must be 1 to 63 lower-case letters, digits, '-' and '.', with a letter or digit at both ends");
        }
        return name;
    }
}
