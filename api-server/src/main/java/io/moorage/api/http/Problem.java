package io.moorage.api.http;

import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An error as clients see it (RFC 9457). Thrown by handlers.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String TYPE_BASE = "https://moorage.io/problems/";

    private final int status;
    private final String code;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /** @param code kebab-case, the end of the problem's type */
    public Problem(int status, String code, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    public static Problem invalid(String detail) {
        return new Problem(400, "invalid-argument", detail);
    }

    public static Problem notFound(String detail) {
        return new Problem(404, "not-found", detail);
    }

    /** What the cluster said, in HTTP's words. */
    public static Problem of(MoorageException e) {
        String code = e.code()
                .name()
                .substring("ERROR_CODE_".length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        String detail = e.getMessage();
        if (detail.startsWith("length mismatch")) {
            code = "length-mismatch";
        }
        if (e.mayHaveTakenEffect()) {
            detail += ". It may nevertheless have taken effect, or may yet do so: look before you repeat it";
        }
        Problem problem = new Problem(status(e.code()), known(code), detail);
        if (e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
            problem.with("currentVersion", Long.toString(e.currentVersion()));
        }
        if (e.code() == ErrorCode.ERROR_CODE_COMPACTED && e.currentVersion() > 0) {
            problem.with("horizon", Long.toString(e.currentVersion()));
        }
        if (e.mayHaveTakenEffect()) {
            problem.with("mayHaveTakenEffect", true);
        }
        if (problem.status == 503) {
            problem.header(
                    "Retry-After", Long.toString(Math.max(1, e.retryAfter().toSeconds())));
        }
        return problem;
    }

    private static String known(String code) {
        return switch (code) {
            case "group-not-found", "not-leader", "extent-missing", "corrupt" -> "unavailable";
            default -> code;
        };
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case ERROR_CODE_INVALID_ARGUMENT -> 400;
            case ERROR_CODE_NOT_FOUND, ERROR_CODE_VOLUME_NOT_FOUND -> 404;
            case ERROR_CODE_UPLOAD_EXPIRED -> 408;
            case ERROR_CODE_ALREADY_EXISTS, ERROR_CODE_NOT_EMPTY, ERROR_CODE_UNSAFE, ERROR_CODE_CONFLICT -> 409;
            case ERROR_CODE_COMPACTED -> 410;
            case ERROR_CODE_PRECONDITION_FAILED -> 412;
            case ERROR_CODE_TOO_LARGE -> 413;
            case ERROR_CODE_LOCKED -> 423;
            case ERROR_CODE_QUOTA_EXCEEDED, ERROR_CODE_DISK_FULL -> 507;
            case ERROR_CODE_INTERNAL, ERROR_CODE_UNSPECIFIED, UNRECOGNIZED -> 500;
            default -> 503;
        };
    }

    public Problem with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The JSON document. */
    public Map<String, Object> body(String instance, String requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", TYPE_BASE + code);
        body.put(
                "title",
                Character.toUpperCase(code.charAt(0)) + code.substring(1).replace('-', ' '));
        body.put("status", status);
        body.put("detail", getMessage());
        body.put("instance", instance);
        body.put("requestId", requestId);
        body.putAll(members);
        return body;
    }
}
