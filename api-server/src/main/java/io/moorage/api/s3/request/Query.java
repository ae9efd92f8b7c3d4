package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Parameters of a query, decoded, in the order they came. Immutable. */
public final class Query {
    /** A request with more parameters than this is refused. */
    public static final int MAX_PARAMETERS = 200;

    /** @param value empty when there was none */
    public record Parameter(String name, String value) {}

    private final List<Parameter> parameters;

    private Query(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /**
     * @param raw what stands behind the question mark, undecoded; null or empty: no query
     * @throws S3Exception InvalidURI
     */
    public static Query parse(String raw) {
        List<Parameter> parameters = new ArrayList<>();
        if (raw != null) {
            for (String part : raw.split("&")) {
                if (part.isEmpty()) {
                    continue;
                }
                if (parameters.size() == MAX_PARAMETERS) {
                    throw new S3Exception(
                            S3ErrorCode.INVALID_URI,
                            "The query has more than " + MAX_PARAMETERS + " parameters; send fewer.");
                }
                int equals = part.indexOf('=');
                parameters.add(
                        equals < 0
                                ? new Parameter(PercentCoding.decode(part, true), "")
                                : new Parameter(
                                        PercentCoding.decode(part.substring(0, equals), true),
                                        PercentCoding.decode(part.substring(equals + 1), true)));
            }
        }
        return new Query(List.copyOf(parameters));
    }

    /** The first value of that name (names have a case). */
    public Optional<String> first(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(Parameter::value)
                .findFirst();
    }

    /** Whether there is one of that name, with a value or without. */
    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** All of them, in the order they came. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /**
     * Names and values encoded anew, sorted by them (Signature Version 4, "CanonicalQueryString").
     *
     * @param without a parameter to leave out, as X-Amz-Signature
     */
    public String canonical(String without) {
        return parameters.stream()
                .filter(parameter -> !parameter.name().equals(without))
                .map(parameter -> new Parameter(
                        PercentCoding.encode(parameter.name(), false), PercentCoding.encode(parameter.value(), false)))
                .sorted((a, b) -> a.name().equals(b.name())
                        ? a.value().compareTo(b.value())
                        : a.name().compareTo(b.name()))
                .map(parameter -> parameter.name() + "=" + parameter.value())
                .collect(Collectors.joining("&"));
    }

    /**
     * A whole number within bounds.
     *
     * @throws S3Exception InvalidArgument that names the parameter
     */
    public Optional<Integer> integer(String name, int min, int max) {
        return first(name).map(value -> {
            try {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw S3Exception.invalidArgument(
                    "Argument " + name + " must be an integer between " + min + " and " + max, name, value);
        });
    }
}
