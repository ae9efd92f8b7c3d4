package io.moorage.api.s3.request;

import java.util.Arrays;
import java.util.List;

/**
 * What an If-Match or If-None-Match says. S3 takes tags without quotes as well.
 *
 * @param any the value was "*"
 * @param tags without quotes and without W/
 */
public record EntityTags(boolean any, List<String> tags) {
    /** @param value of the header */
    public static EntityTags parse(String value) {
        if (value.trim().equals("*")) {
            return new EntityTags(true, List.of());
        }
        return new EntityTags(
                false,
                Arrays.stream(value.split(","))
                        .map(EntityTags::bare)
                        .filter(tag -> !tag.isEmpty())
                        .toList());
    }

    /** A tag without its quotes. */
    public static String bare(String tag) {
        String bare = tag.trim();
        if (bare.startsWith("W/")) {
            bare = bare.substring(2);
        }
        return bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
                ? bare.substring(1, bare.length() - 1)
                : bare;
    }

    /** @param etag of the object, with quotes or without */
    public boolean contain(String etag) {
        return any || tags.contains(bare(etag));
    }
}
