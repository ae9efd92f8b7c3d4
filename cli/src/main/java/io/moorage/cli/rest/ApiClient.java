package io.moorage.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls of the REST API. What can be repeated is repeated while the cluster is not available, within a bounded time. An exchange
 * on which nothing moves for a minute is given up. Calls block and throw {@link Failure}; thread-safe.
 */
public final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LOOK_EVERY_MILLIS = 500;

    private final String base;
    private final Duration patience;
    private final String remedy;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private volatile boolean answeredOnce;

    /**
     * @param base address of the server, "http://" may be left out
     * @param patience how long a call is repeated while the cluster is not available
     * @param remedy what to do if no server answers at all
     */
    public ApiClient(String base, Duration patience, String remedy) {
        String url = base.contains("://") ? base : "http://" + base;
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.patience = patience;
        this.remedy = remedy;
        check(this.base);
    }

    private static void check(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null
                    && (uri.getScheme().equals("http") || uri.getScheme().equals("https"))) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw Failure.usage("the API server's address '" + url + "' is not one; write http://HOST:PORT");
    }

    public String base() {
        return base;
    }

    public JsonNode get(String path) {
        return send(ApiRequest.of("GET", path));
    }

    /** The JSON of the answer; a missing node if it has none. */
    public JsonNode send(ApiRequest request) {
        return exchange(request).body();
    }

    /** As {@link #send}, with the status: 202 says that it will be done, and is not done yet. */
    public Answer<JsonNode> exchange(ApiRequest request) {
        return call(() -> request, ApiClient::json);
    }

    /** An answer without its body. */
    public Answer<Void> head(String path) {
        return call(() -> ApiRequest.of("HEAD", path), (info, activity) -> BodySubscribers.discarding());
    }

    /**
     * Deletes. If an attempt may have taken effect without an answer, and the next one finds nothing, it is done.
     *
     * @return the JSON of the answer
     */
    public JsonNode delete(ApiRequest request) {
        boolean[] before = {false};
        try {
            return call(() -> request, ApiClient::json, before).body();
        } catch (Failure e) {
            if (before[0] && e.problem().equals("not-found")) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    /**
     * @param request made anew for each attempt
     * @param reader takes the body of a good answer
     */
    public <T> Answer<T> call(Supplier<ApiRequest> request, BodyReader<T> reader) {
        return call(request, reader, new boolean[1]);
    }

    /** @param perhapsDone set once an attempt that failed may have taken effect */
    private <T> Answer<T> call(Supplier<ApiRequest> request, BodyReader<T> reader, boolean[] perhapsDone) {
        Patience left = new Patience(patience);
        while (true) {
            ApiRequest now = request.get();
            Activity activity = new Activity();
            long started = System.nanoTime();
            Failure failure;
            boolean ambiguous;
            long asked = 0;
            try {
                Object result = attempt(now, reader, activity);
                answeredOnce = true;
                if (!(result instanceof Problems.Refusal refusal)) {
                    @SuppressWarnings("unchecked")
                    Answer<T> answer = (Answer<T>) result;
                    return answer;
                }
                if (!refusal.temporary()) {
                    throw refusal.failure();
                }
                failure = refusal.failure();
                ambiguous = refusal.ambiguous();
                asked = refusal.retryAfterSeconds();
            } catch (SinkSubscriber.SinkException e) {
                throw new java.io.UncheckedIOException(e.getCause());
            } catch (BodySource.NotRepeatableException e) {
                throw Failure.of(ExitCode.UNAVAILABLE, e.getMessage(), e);
            } catch (ConnectException | java.net.http.HttpConnectTimeoutException e) {
                failure = Failure.of(ExitCode.UNAVAILABLE, "no API server answers at " + base + "; " + remedy, e);
                ambiguous = false;
                if (!answeredOnce) {
                    throw failure;
                }
            } catch (IOException e) {
                failure = Failure.of(ExitCode.UNAVAILABLE, "the connection to " + base + " broke: " + words(e), e);
                ambiguous = true;
            }
            perhapsDone[0] |= ambiguous;
            if (ambiguous && !now.repeatable()) {
                throw failure.explained(
                        failure.getMessage() + "; it may nevertheless have taken effect: look before you repeat it");
            }
            if (now.method().equals("GET") && activity.bytes() > 0) {
                left.refill();
            }
            pause(left.next(Duration.ofNanos(System.nanoTime() - started), asked), failure);
        }
    }

    private static void pause(OptionalLong millis, Failure failure) {
        if (millis.isEmpty()) {
            throw failure;
        }
        try {
            Thread.sleep(millis.getAsLong());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    /** An {@link Answer} or a {@link Problems.Refusal}. */
    private <T> Object attempt(ApiRequest request, BodyReader<T> reader, Activity activity) throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + request.path()))
                .header("User-Agent", "moorage-cli")
                .method(request.method(), request.body().open(activity))
                .expectContinue(request.body().size() < 0 || request.body().size() > BodySource.LARGE);
        request.headers().forEach(builder::header);
        HttpResponse<Object> response = await(
                http.sendAsync(
                        builder.build(),
                        info -> info.statusCode() >= 200 && info.statusCode() < 300
                                ? untyped(reader.read(info, activity))
                                : untyped(Problems.reader())),
                activity,
                request.silence());
        if (response.statusCode() >= 200 && response.statusCode() < 300) {
            return new Answer<>(response.statusCode(), response.headers(), response.body());
        }
        return Problems.read(response.statusCode(), response.headers(), (byte[]) response.body());
    }

    private static <T> BodySubscriber<Object> untyped(BodySubscriber<T> typed) {
        return BodySubscribers.mapping(typed, value -> value);
    }

    private static <T> T await(CompletableFuture<T> future, Activity activity, Duration silence) throws IOException {
        try {
            while (true) {
                try {
                    return future.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (activity.silentNanos() > silence.toNanos()) {
                        future.cancel(true);
                        throw new HttpTimeoutException("nothing came for " + silence.toSeconds() + " s");
                    }
                }
            }
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw Failure.of(ExitCode.FAILED, "interrupted");
        } catch (ExecutionException e) {
            throw asIo(e.getCause());
        }
    }

    /** What the caller can do something about; anything else is thrown as it is. */
    private static IOException asIo(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SinkSubscriber.SinkException || t instanceof BodySource.NotRepeatableException) {
                return (IOException) t;
            }
            if (t instanceof Failure failure) {
                throw failure;
            }
        }
        if (thrown instanceof IOException io) {
            return io;
        }
        if (thrown instanceof java.io.UncheckedIOException io) {
            return io.getCause();
        }
        throw new IllegalStateException(thrown);
    }

    private static BodySubscriber<JsonNode> json(HttpResponse.ResponseInfo info, Activity activity) {
        return BodySubscribers.mapping(BodySubscribers.ofByteArray(), bytes -> {
            try {
                return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
            } catch (IOException e) {
                throw Failure.of(
                        ExitCode.FAILED, "the answer is not JSON; is this the address of a Moorage API server?", e);
            }
        });
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
