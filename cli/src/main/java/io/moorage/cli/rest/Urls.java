package io.moorage.cli.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of what stands in addresses. */
public final class Urls {
    private Urls() {}

    /** A key as it stands in a path: everything but slashes is encoded. */
    public static String path(String key) {
        return query(key).replace("%2F", "/");
    }

    /** A value as it stands in a query. */
    public static String query(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
