package io.moorage.api.s3.tagging;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Query;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A set of tags, sorted by key. Immutable. (Amazon S3 user guide, "Categorizing your objects using tags".) */
public record Tags(Map<String, String> tags) {
    /** Tags of an object. */
    public static final int MAX_OF_OBJECT = 10;
    /** Tags of a bucket. */
    public static final int MAX_OF_BUCKET = 50;

    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 256;

    /** No tags. */
    public static final Tags NONE = new Tags(Map.of());

    public Tags {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** Gathers tags and refuses what is not allowed. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> tags = new TreeMap<>();
        private final int max;

        /** @param max how many there may be */
        public Builder(int max) {
            this.max = max;
        }

        /** @throws S3Exception InvalidTag, BadRequest */
        public Builder add(String key, String value) {
            if (key.isEmpty() || key.codePointCount(0, key.length()) > MAX_KEY) {
                throw invalid("The TagKey you have provided is invalid: it has 1 to " + MAX_KEY + " characters", key);
            }
            if (value.codePointCount(0, value.length()) > MAX_VALUE) {
                throw invalid(
                        "The TagValue you have provided is invalid: it has up to " + MAX_VALUE + " characters", key);
            }
            if (key.startsWith("aws:")) {
                throw invalid("System tags cannot be added/updated by requester", key);
            }
            if (!legal(key) || !legal(value)) {
                throw invalid(
                        "The tag provided was not a valid tag: letters, digits, blanks and + - = . _ : / @ only", key);
            }
            if (tags.put(key, value) != null) {
                throw invalid("Cannot provide multiple Tags with the same key", key);
            }
            if (tags.size() > max) {
                throw new S3Exception(S3ErrorCode.BAD_REQUEST, "Object tags cannot be greater than " + max);
            }
            return this;
        }

        /** What was gathered. */
        public Tags build() {
            return new Tags(tags);
        }

        private static boolean legal(String text) {
            return text.codePoints()
                    .allMatch(c -> Character.isLetterOrDigit(c)
                            || Character.isSpaceChar(c)
                            || Character.getType(c) == Character.NON_SPACING_MARK
                            || Character.getType(c) == Character.COMBINING_SPACING_MARK
                            || c < 128 && "+-=._:/@".indexOf(c) >= 0);
        }

        private static S3Exception invalid(String message, String key) {
            return new S3Exception(S3ErrorCode.INVALID_TAG, message).with("TagKey", key);
        }
    }

    /** The value of x-amz-tagging: written like a query. @throws S3Exception InvalidTag, InvalidArgument */
    public static Tags parseHeader(String header) {
        Builder builder = new Builder(MAX_OF_OBJECT);
        Query query;
        try {
            query = Query.parse(header);
        } catch (S3Exception e) {
            throw S3Exception.invalidArgument(
                    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                            + " tag name duplicates.",
                    "x-amz-tagging",
                    header);
        }
        query.parameters().forEach(parameter -> builder.add(parameter.name(), parameter.value()));
        return builder.build();
    }

    /** How many there are. */
    public int size() {
        return tags.size();
    }
}
