package io.moorage.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.javalin.http.Context;
import io.moorage.client.CallOptions;
import io.moorage.protocol.v1.Consistency;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request and its answer, with what all handlers need to know of it. Not thread-safe. */
public final class Exchange {
    public static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final Pattern WAIT = Pattern.compile("(\\d{1,6})(ms|s|m)");
    private static final Duration MAX_WAIT = Duration.ofSeconds(60);
    private static final int MAX_JSON_BYTES = 64 * 1024;

    private final Context context;
    private final String requestId;
    private final int minBytesPerSecond;

    Exchange(Context context, String requestId, int minBytesPerSecond) {
        this.context = context;
        this.requestId = requestId;
        this.minBytesPerSecond = minBytesPerSecond;
    }

    /** The body, as long as it comes fast enough. */
    public InputStream bodyStream() throws IOException {
        return new PacedInputStream(context.req().getInputStream(), minBytesPerSecond);
    }

    public Context context() {
        return context;
    }

    public String requestId() {
        return requestId;
    }

    /** What the client asks for by X-Consistency, X-Deadline-Ms and asOf. */
    public CallOptions callOptions() {
        CallOptions options = CallOptions.DEFAULT;
        String deadline = context.header("X-Deadline-Ms");
        if (deadline != null) {
            options = options.withDeadline(Duration.ofMillis(number("X-Deadline-Ms", deadline, 1, 60_000)));
        }
        String asOf = context.queryParam("asOf");
        if (asOf != null) {
            options = options.withAsOfVersion(number("asOf", asOf, 1, Long.MAX_VALUE));
        }
        String consistency = context.header("X-Consistency");
        return consistency == null ? options : options.withConsistency(consistency("X-Consistency", consistency));
    }

    public static Consistency consistency(String field, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "strong" -> Consistency.CONSISTENCY_STRONG;
            case "quorum" -> Consistency.CONSISTENCY_QUORUM;
            case "eventual" -> Consistency.CONSISTENCY_EVENTUAL;
            default -> throw Problem.invalid(field + " '" + value + "' must be strong, quorum or eventual");
        };
    }

    public static long number(String field, String value, long min, long max) {
        try {
            long number = Long.parseLong(value.trim());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problem.invalid(field + " '" + value + "' must be a whole number from " + min + " to " + max);
    }

    /** True for "true" and for a parameter without a value. */
    public boolean flag(String name) {
        String value = context.queryParam(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.isEmpty() || value.equals("true")) {
            return true;
        }
        throw Problem.invalid(name + " '" + value + "' must be true or false");
    }

    /** How long the client is willing to wait for what it asks for (wait=30s): 0s to 60s. */
    public Optional<Duration> waitTime() {
        String value = context.queryParam("wait");
        if (value == null) {
            return Optional.empty();
        }
        Matcher matcher = WAIT.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration wait = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
            if (wait.compareTo(MAX_WAIT) <= 0) {
                return Optional.of(wait);
            }
        }
        throw Problem.invalid("wait '" + value + "' must be a duration from 0s to 60s, such as 30s or 500ms");
    }

    /** The body as JSON; unknown fields are refused by name. */
    public <T> T body(Class<T> type) throws IOException {
        byte[] bytes = bodyStream().readNBytes(MAX_JSON_BYTES + 1);
        if (bytes.length > MAX_JSON_BYTES) {
            throw new Problem(413, "too-large", "a JSON body has at most " + MAX_JSON_BYTES + " bytes");
        }
        return parse(bytes, type);
    }

    /** Bytes as JSON; unknown fields are refused by name. */
    public static <T> T parse(byte[] bytes, Class<T> type) throws IOException {
        try {
            T value = JSON.readValue(bytes, type);
            if (value == null) {
                throw Problem.invalid("the body must be a JSON object");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw Problem.invalid(
                    "field '" + e.getPropertyName() + "' is not known; known here are " + e.getKnownPropertyIds());
        } catch (JsonMappingException e) {
            String field = e.getPath().isEmpty()
                    ? "the body"
                    : "field '" + e.getPath().get(0).getFieldName() + "'";
            throw Problem.invalid(field + ": " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw Problem.invalid("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    public void json(int status, Object value) throws IOException {
        context.status(status);
        context.contentType("application/json");
        context.result(JSON.writeValueAsBytes(value));
    }
}
