package io.moorage.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Optional;

/** Problem documents (RFC 9457) as failures of a command. */
final class Problems {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_DETAIL = 2000;

    /**
     * An answer that is not a good one.
     *
     * @param ambiguous it may nevertheless have taken effect
     * @param retryAfterSeconds 0 = not said
     */
    record Refusal(int status, Failure failure, boolean ambiguous, long retryAfterSeconds) {
        boolean temporary() {
            return status == 503 || status == 429;
        }
    }

    private Problems() {}

    /** Keeps the beginning of the body, and lets the rest pass. */
    static BodySubscriber<byte[]> reader() {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        return BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(bytes -> bytes.ifPresent(b ->
                        kept.write(b, 0, Math.min(b.length, Math.max(0, MAX_BYTES - kept.size()))))),
                nothing -> kept.toByteArray());
    }

    static Refusal read(int status, HttpHeaders headers, byte[] body) {
        JsonNode document = parse(body);
        String type = document.path("type").asText("");
        String problem = type.substring(type.lastIndexOf('/') + 1);
        // Kubernetes has a document of its own for that, with a message.
        String detail = document.path("detail").asText(document.path("message").asText(""));
        if (detail.isEmpty()) {
            detail = "the server answered with HTTP status " + status + (problem.isEmpty() ? "" : " (" + problem + ")");
        } else if (detail.length() > MAX_DETAIL) {
            detail = detail.substring(0, MAX_DETAIL) + "…";
        }
        String requestId = document.path("requestId")
                .asText(headers.firstValue("X-Request-Id").orElse(""));
        Failure failure = Failure.answered(
                exitCode(status, problem), problem.isEmpty() ? "http-" + status : problem, detail, requestId);
        return new Refusal(
                status,
                failure,
                document.path("mayHaveTakenEffect").asBoolean(false),
                headers.firstValue("Retry-After").flatMap(Problems::seconds).orElse(0L));
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode document = JSON.readTree(body);
            return document == null ? JSON.missingNode() : document;
        } catch (IOException e) {
            // Not ours, perhaps of a proxy: the status has to do.
            return JSON.missingNode();
        }
    }

    private static Optional<Long> seconds(String value) {
        return value.matches("\\d{1,6}") ? Optional.of(Long.parseLong(value)) : Optional.empty();
    }

    private static ExitCode exitCode(int status, String problem) {
        return switch (status) {
            case 400 ->
                problem.equals("digest-mismatch") || problem.equals("length-mismatch")
                        ? ExitCode.FAILED
                        : ExitCode.USAGE;
            case 405, 411, 413, 415, 416, 431 -> ExitCode.USAGE;
            case 404, 410 -> ExitCode.NOT_FOUND;
            case 409, 412 -> ExitCode.CONFLICT;
            case 408, 429, 502, 503, 504 -> ExitCode.UNAVAILABLE;
            case 507 -> ExitCode.NO_SPACE;
            default -> ExitCode.FAILED;
        };
    }
}
