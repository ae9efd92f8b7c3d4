package io.moorage.api.s3.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.HttpDates;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a form may upload (Amazon S3 API reference, "POST policy").
 *
 * @param minLength bytes of the file, of content-length-range
 * @param maxLength bytes of the file
 */
public record PostPolicy(Instant expiration, List<FieldCondition> conditions, long minLength, long maxLength) {
    /** Fields that no condition need speak of. */
    private static final Set<String> FREE =
            Set.of("x-amz-signature", "file", "policy", "awsaccesskeyid", "signature", "submit");

    /**
     * What a field must be.
     *
     * @param field in lower case
     * @param exact whether it is the whole value, or its beginning
     */
    public record FieldCondition(String field, boolean exact, String value) {
        private boolean holds(String actual) {
            if (exact) {
                return value.equals(actual);
            }
            // A list of content types must begin so in each of its members.
            Stream<String> members = field.equals("content-type")
                    ? Arrays.stream(actual.split(",")).map(String::trim)
                    : Stream.of(actual);
            return members.allMatch(member -> member.startsWith(value));
        }

        @Override
        public String toString() {
            return "[\"" + (exact ? "eq" : "starts-with") + "\", \"$" + field + "\", \"" + value + "\"]";
        }
    }

    /**
     * @param base64 the form's field "policy"
     * @throws S3Exception InvalidPolicyDocument
     */
    public static PostPolicy parse(String base64) {
        JsonNode document;
        try {
            String json = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
            document = PolicyParser.JSON.readTree(json);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw invalid("Invalid Policy: Invalid JSON.");
        }
        JsonNode conditions = document.path("conditions");
        if (!document.path("expiration").isTextual() || !conditions.isArray()) {
            throw invalid("Invalid Policy: it must have 'expiration' and a list of 'conditions'.");
        }
        String expires = document.path("expiration").asText();
        Instant expiration = HttpDates.parse(expires)
                .orElseThrow(() -> invalid("Invalid Policy: Invalid 'expiration' value: '" + expires + "'"));
        List<FieldCondition> fields = new ArrayList<>();
        long[] range = {0, Long.MAX_VALUE};
        for (JsonNode condition : conditions) {
            if (condition.isObject() && condition.size() == 1) {
                condition
                        .properties()
                        .forEach(field -> fields.add(new FieldCondition(
                                lower(field.getKey()), true, field.getValue().asText())));
            } else if (condition.isArray() && condition.size() == 3) {
                add(condition, fields, range);
            } else {
                throw invalid("Invalid Policy: Invalid Simple-Condition: " + condition);
            }
        }
        return new PostPolicy(expiration, List.copyOf(fields), range[0], range[1]);
    }

    private static void add(JsonNode condition, List<FieldCondition> fields, long[] range) {
        String kind = lower(condition.get(0).asText());
        String field = condition.get(1).asText();
        switch (kind) {
            case "content-length-range" -> {
                if (!condition.get(1).canConvertToLong() && !field.matches("\\d{1,18}")
                        || !condition.get(2).canConvertToLong()
                                && !condition.get(2).asText().matches("\\d{1,18}")) {
                    throw invalid("Invalid Policy: Invalid content-length-range: " + condition);
                }
                range[0] = Math.max(range[0], condition.get(1).asLong());
                range[1] = Math.min(range[1], condition.get(2).asLong());
            }
            case "eq", "starts-with" -> {
                if (!field.startsWith("$")) {
                    throw invalid("Invalid Policy: Invalid field '" + field + "' must begin with $");
                }
                fields.add(new FieldCondition(
                        lower(field.substring(1)),
                        kind.equals("eq"),
                        condition.get(2).asText()));
            }
            default ->
                throw invalid(
                        "Invalid Policy: Invalid condition '" + kind + "': eq, starts-with or content-length-range");
        }
    }

    /**
     * Whether the fields are as they must be, and none is there that no condition speaks of.
     *
     * @param fields names in lower case; "bucket" among them, as the request names it
     * @throws S3Exception AccessDenied
     */
    public void check(Map<String, String> fields, Instant now) {
        if (!now.isBefore(expiration)) {
            throw denied("Policy expired.");
        }
        for (FieldCondition condition : conditions) {
            if (!condition.holds(fields.getOrDefault(condition.field(), ""))) {
                throw denied("Policy Condition failed: " + condition);
            }
        }
        for (String field : fields.keySet()) {
            boolean spokenOf = FREE.contains(field)
                    || field.startsWith("x-ignore-")
                    || conditions.stream()
                            .anyMatch(condition -> condition.field().equals(field));
            if (!spokenOf) {
                throw denied("Extra input fields: " + field);
            }
        }
    }

    /** @param length bytes of the file @throws S3Exception EntityTooSmall, EntityTooLarge */
    public void checkLength(long length) {
        if (length < minLength) {
            throw new S3Exception(S3ErrorCode.ENTITY_TOO_SMALL)
                    .with("ProposedSize", Long.toString(length))
                    .with("MinSizeAllowed", Long.toString(minLength));
        }
        if (length > maxLength) {
            throw new S3Exception(S3ErrorCode.ENTITY_TOO_LARGE)
                    .with("ProposedSize", Long.toString(length))
                    .with("MaxSizeAllowed", Long.toString(maxLength));
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static S3Exception invalid(String why) {
        return new S3Exception(S3ErrorCode.INVALID_POLICY_DOCUMENT, why);
    }

    private static S3Exception denied(String why) {
        return new S3Exception(S3ErrorCode.ACCESS_DENIED, "Invalid according to Policy: " + why);
    }
}
