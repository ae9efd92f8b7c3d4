package io.moorage.api.s3.endpoint;

import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.http.Connections;
import io.moorage.api.s3.auth.Authentication;
import io.moorage.api.s3.auth.Caller;
import io.moorage.api.s3.auth.SignatureV4Verifier;
import io.moorage.api.s3.body.Payload;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.Refusals;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.Operation;
import io.moorage.api.s3.request.OperationResolver;
import io.moorage.api.s3.request.RequestHead;
import io.moorage.api.s3.request.Target;
import io.moorage.api.s3.xml.ErrorDocument;
import io.moorage.api.s3.xml.XmlDocument;
import io.moorage.client.MoorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What all requests to S3 have in common: ids, a bound on how many run at once, signatures, a timer, the access log, and errors as
 * documents. Thread-safe.
 */
public final class S3Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(S3Endpoint.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("access");
    private static final String UNKNOWN = "Unknown";

    private final Dispatcher dispatcher;
    private final SignatureV4Verifier verifier;
    private final MeterRegistry registry;
    private final Semaphore requests;
    private final int minBytesPerSecond;
    private final List<String> domains;
    private final AtomicBoolean accessLog;
    private final SecureRandom random = new SecureRandom();

    public S3Endpoint(
            Dispatcher dispatcher,
            SignatureV4Verifier verifier,
            ApiConfig config,
            MeterRegistry registry,
            AtomicBoolean accessLog) {
        this.dispatcher = dispatcher;
        this.verifier = verifier;
        this.registry = registry;
        this.requests = new Semaphore(config.limits().concurrentRequests());
        this.minBytesPerSecond = config.limits().minBytesPerSecond();
        this.domains = config.s3().domains();
        this.accessLog = accessLog;
        registry.gauge("moorage.s3.requests.free", requests, Semaphore::availablePermits);
    }

    /** @param mount the path under which S3 is served, as "/s3"; empty: the root */
    public void handle(Context context, String mount) {
        byte[] drawn = new byte[24];
        random.nextBytes(drawn);
        Ids ids = new Ids(
                HexFormat.of().withUpperCase().formatHex(drawn, 0, 8),
                Base64.getEncoder().encodeToString(drawn));
        context.attribute("answered", true);
        context.header("x-amz-request-id", ids.request());
        context.header("x-amz-id-2", ids.host());
        MDC.put("request", ids.request());
        long start = System.nanoTime();
        String[] operation = {UNKNOWN};
        boolean admitted = requests.tryAcquire();
        try {
            if (!admitted) {
                throw new S3Exception(S3ErrorCode.SLOW_DOWN).header("Retry-After", "1");
            }
            dispatch(context, mount, ids.request(), operation);
        } catch (S3Exception e) {
            answer(context, ids, e);
        } catch (MoorageException e) {
            if (e.code() == io.moorage.protocol.v1.ErrorCode.ERROR_CODE_INTERNAL) {
                LOG.error("request failed for a reason that should not be", e);
            }
            answer(context, ids, Refusals.of(e));
        } catch (EofException e) {
            // The client went away: nobody is left to tell.
            LOG.debug("client went away: {}", e.toString());
            Connections.abort(context);
        } catch (UncheckedIOException e) {
            answer(context, ids, clientFault(e.getCause()));
        } catch (IOException e) {
            answer(context, ids, clientFault(e));
        } catch (RuntimeException | Error e) {
            LOG.error("request failed for a reason that should not be", e);
            answer(context, ids, new S3Exception(S3ErrorCode.INTERNAL_ERROR));
        } finally {
            if (admitted) {
                requests.release();
            }
            record(context, operation[0], System.nanoTime() - start);
            MDC.remove("request");
        }
    }

    private record Ids(String request, String host) {}

    private void dispatch(Context context, String mount, String requestId, String[] name) throws IOException {
        RequestHead head = RequestHeads.of(context.req(), Instant.now());
        Target target = Target.parse(head.rawPath(), mount, head.host(), domains);
        Operation operation = OperationResolver.resolve(head, target);
        name[0] = operation.title();
        boolean unsigned = operation == Operation.OPTIONS_BUCKET
                || operation == Operation.OPTIONS_OBJECT
                || operation == Operation.POST_OBJECT;
        // A form brings its signature along in its body, a preflight has none.
        Authentication authentication =
                unsigned ? new Authentication(Caller.ANONYMOUS, false, Payload.UNSIGNED) : verifier.verify(head);
        dispatcher.dispatch(
                new S3Exchange(context, requestId, head, target, operation, authentication, minBytesPerSecond));
    }

    private void record(Context context, String operation, long nanos) {
        Timer.builder("moorage.s3.requests")
                .tag("operation", operation)
                .tag("status", Integer.toString(context.statusCode()))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
        if (accessLog.get()) {
            ACCESS.info(
                    "{} {} {} {} {} {} ms",
                    context.ip(),
                    operation,
                    context.method(),
                    context.req().getRequestURI(),
                    context.statusCode(),
                    nanos / 1_000_000);
        }
    }

    /** The body ended early, came too slowly, or the connection broke. */
    private static S3Exception clientFault(IOException e) {
        return new S3Exception(
                e.getCause() instanceof TimeoutException ? S3ErrorCode.REQUEST_TIMEOUT : S3ErrorCode.INCOMPLETE_BODY);
    }

    private static void answer(Context context, Ids ids, S3Exception error) {
        if (context.res().isCommitted()) {
            Connections.abort(context);
            return;
        }
        context.res().resetBuffer();
        context.res().setHeader("Content-Length", null);
        context.res().setHeader("ETag", null);
        error.headers().forEach(context::header);
        context.status(error.code().status());
        boolean bodyless = error.code().status() == 304
                || context.req().getMethod().toUpperCase(Locale.ROOT).equals("HEAD");
        if (!bodyless) {
            context.contentType(XmlDocument.CONTENT_TYPE);
            context.result(ErrorDocument.of(error, context.req().getRequestURI(), ids.request(), ids.host())
                    .bytes());
        }
    }
}
