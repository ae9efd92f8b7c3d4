package io.moorage.api.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.moorage.api.config.ApiConfig;
import io.moorage.client.MoorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Registers handlers, and puts around each what all have in common: a request id, a bound on how many run at once, a timer, the
 * access log, and errors as problem documents.
 */
public final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("access");
    private static final Pattern SANE_ID = Pattern.compile("[\\w.:-]{1,128}");

    /** Handles one request. */
    public interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    /** A route as it was registered. */
    public record Route(String method, String path) {}

    private final JavalinConfig config;
    private final MeterRegistry registry;
    private final Semaphore requests;
    private final int minBytesPerSecond;
    private final AtomicBoolean accessLog;
    private final List<Route> registered = new ArrayList<>();

    public Routes(JavalinConfig config, MeterRegistry registry, ApiConfig.Limits limits, AtomicBoolean accessLog) {
        this.config = config;
        this.registry = registry;
        this.requests = new Semaphore(limits.concurrentRequests());
        this.minBytesPerSecond = limits.minBytesPerSecond();
        this.accessLog = accessLog;
        registry.gauge("moorage.http.requests.free", requests, Semaphore::availablePermits);
        config.routes.error(404, "*", context -> unanswered(context, "not-found", "there is nothing at this address"));
        config.routes.error(
                405, "*", context -> unanswered(context, "method-not-allowed", "the method does not fit this address"));
    }

    public Routes get(String path, Handler handler) {
        return add(HandlerType.GET, path, handler);
    }

    /** Answered however many requests are under way: who asks would take a busy server for a broken one. */
    public Routes probe(String path, Handler handler) {
        registered.add(new Route(HandlerType.GET.name(), path));
        config.routes.addHttpHandler(HandlerType.GET, path, context -> run(context, path, handler, true));
        return this;
    }

    public Routes head(String path, Handler handler) {
        return add(HandlerType.HEAD, path, handler);
    }

    public Routes put(String path, Handler handler) {
        return add(HandlerType.PUT, path, handler);
    }

    public Routes post(String path, Handler handler) {
        return add(HandlerType.POST, path, handler);
    }

    public Routes patch(String path, Handler handler) {
        return add(HandlerType.PATCH, path, handler);
    }

    public Routes delete(String path, Handler handler) {
        return add(HandlerType.DELETE, path, handler);
    }

    public List<Route> registered() {
        return List.copyOf(registered);
    }

    private Routes add(HandlerType method, String path, Handler handler) {
        registered.add(new Route(method.name(), path));
        config.routes.addHttpHandler(method, path, context -> run(context, path, handler, false));
        return this;
    }

    private void run(Context context, String route, Handler handler, boolean always) {
        String requestId = requestId(context);
        context.header("X-Request-Id", requestId);
        context.attribute("answered", true);
        MDC.put("request", requestId);
        long start = System.nanoTime();
        boolean admitted = !always && requests.tryAcquire();
        try {
            if (!admitted && !always) {
                throw new Problem(503, "slow-down", "this server is handling as many requests as it may")
                        .header("Retry-After", "1");
            }
            handler.handle(new Exchange(context, requestId, minBytesPerSecond));
        } catch (Problem e) {
            answer(context, requestId, e);
        } catch (MoorageException e) {
            answer(context, requestId, Problem.of(e));
        } catch (EofException e) {
            // The client went away: nobody is left to tell.
            LOG.debug("client went away: {}", e.toString());
            Connections.abort(context);
        } catch (IOException e) {
            answer(context, requestId, clientFault(e));
        } catch (RuntimeException | Error e) {
            LOG.error("request failed for a reason that should not be", e);
            answer(
                    context,
                    requestId,
                    new Problem(
                            500,
                            "internal",
                            "this is a bug; its trace is in the server's log under " + "the request id"));
        } finally {
            if (admitted) {
                requests.release();
            }
            long nanos = System.nanoTime() - start;
            Timer.builder("moorage.http.requests")
                    .tag("method", context.method().name())
                    .tag("route", route)
                    .tag("status", Integer.toString(context.statusCode()))
                    .register(registry)
                    .record(nanos, TimeUnit.NANOSECONDS);
            if (accessLog.get()) {
                ACCESS.info(
                        "{} {} {} {} {} ms",
                        context.ip(),
                        context.method(),
                        context.req().getRequestURI(),
                        context.statusCode(),
                        nanos / 1_000_000);
            }
            MDC.remove("request");
        }
    }

    /** The body ended early, came too slowly, or the connection broke. */
    private static Problem clientFault(IOException e) {
        if (e.getCause() instanceof java.util.concurrent.TimeoutException) {
            return new Problem(408, "timeout", "the body came too slowly; nothing was stored");
        }
        return new Problem(400, "length-mismatch", "the body ended before it was complete; nothing was stored");
    }

    private static void answer(Context context, String requestId, Problem problem) {
        if (context.res().isCommitted()) {
            Connections.abort(context);
            return;
        }
        context.res().resetBuffer();
        problem.headers().forEach(context::header);
        context.status(problem.status());
        context.contentType("application/problem+json");
        try {
            context.result(
                    Exchange.JSON.writeValueAsBytes(problem.body(context.req().getRequestURI(), requestId)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unanswered(Context context, String code, String detail) {
        if (context.attribute("answered") == null) {
            String requestId = requestId(context);
            context.header("X-Request-Id", requestId);
            answer(context, requestId, new Problem(context.statusCode(), code, detail));
        }
    }

    private static String requestId(Context context) {
        String sent = context.header("X-Request-Id");
        return sent != null && SANE_ID.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
    }
}
