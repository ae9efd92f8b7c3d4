package io.moorage.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Calls of the REST API. What can be repeated is repeated while the answer is 503, for a bounded time. Thread-safe. */
public final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_PROBLEM_BYTES = 64 * 1024;

    private final String base;
    private final Duration patience;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** @param patience how long a call is repeated while the cluster is not available */
    public ApiClient(String base, Duration patience) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.patience = patience;
    }

    public String base() {
        return base;
    }

    public JsonNode get(String path) {
        return json(() -> request(path).GET().build());
    }

    public JsonNode send(String method, String path, Object body) {
        return json(() -> {
            try {
                return request(path)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                        .build();
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /** @param body made anew for each attempt */
    public JsonNode put(String path, Map<String, String> headers, Supplier<HttpRequest.BodyPublisher> body) {
        return json(() -> {
            HttpRequest.Builder request = request(path).PUT(body.get());
            headers.forEach(request::header);
            return request.build();
        });
    }

    /** The body of a file; to be closed. @param offset where to begin */
    public HttpResponse<InputStream> open(String path, long offset) {
        return call(() -> {
            HttpRequest.Builder request = request(path).GET();
            if (offset > 0) {
                request.header("Range", "bytes=" + offset + "-");
            }
            return request.build();
        });
    }

    public HttpResponse<InputStream> head(String path) {
        return call(() -> request(path)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    }

    /** A key as it stands in a path: everything but slashes is encoded. */
    public static String encode(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    public static String query(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("User-Agent", "moorage-cli");
    }

    private JsonNode json(Supplier<HttpRequest> request) {
        HttpResponse<InputStream> response = call(request);
        try (InputStream body = response.body()) {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw Failure.of(Failure.FAILED, "the answer of " + response.uri() + " cannot be read: " + e.getMessage());
        }
    }

    private HttpResponse<InputStream> call(Supplier<HttpRequest> request) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Failure failure;
            long waitMillis = 500 + ThreadLocalRandom.current().nextInt(500);
            try {
                HttpResponse<InputStream> response =
                        http.send(request.get(), HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() < 400) {
                    return response;
                }
                failure = failure(response);
                if (response.statusCode() != 503) {
                    throw failure;
                }
                waitMillis = response.headers().firstValueAsLong("Retry-After").orElse(1) * 1000 + waitMillis / 2;
            } catch (ConnectException e) {
                throw Failure.of(
                        Failure.UNAVAILABLE,
                        "no API server answers at " + base
                                + ": start a cluster with `moorage up`, or name another one with "
                                + "--api or MOORAGE_API");
            } catch (IOException e) {
                failure = Failure.of(Failure.UNAVAILABLE, "the connection to " + base + " broke: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.of(Failure.FAILED, "interrupted");
            }
            if (System.nanoTime() + waitMillis * 1_000_000 > end) {
                throw failure;
            }
            try {
                Thread.sleep(waitMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure;
            }
        }
    }

    private static Failure failure(HttpResponse<InputStream> response) {
        String detail = "HTTP " + response.statusCode();
        try (InputStream body = response.body()) {
            JsonNode problem = JSON.readTree(body.readNBytes(MAX_PROBLEM_BYTES));
            if (problem != null && problem.hasNonNull("detail")) {
                detail = problem.get("detail").asText();
            }
        } catch (IOException e) {
            // The status has to do.
        }
        int code = switch (response.statusCode()) {
            case 400, 405, 416, 431 -> Failure.USAGE;
            case 404, 410 -> Failure.NOT_FOUND;
            case 409, 412 -> Failure.CONFLICT;
            case 503, 408 -> Failure.UNAVAILABLE;
            case 507, 413 -> Failure.NO_SPACE;
            default -> Failure.FAILED;
        };
        return Failure.of(code, detail);
    }
}
