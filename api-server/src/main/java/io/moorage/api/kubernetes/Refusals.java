package io.moorage.api.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in Moorage's words why Kubernetes did not do what it was asked to. Thread-safe. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int UNPROCESSABLE = 422;

    /** How Kubernetes' authorizer names what a Role does not grant; policies and quotas refuse in other words. */
    private static final Pattern MISSING_RIGHT = Pattern.compile("cannot \\w+ resource ");

    /** Fields of the resource, as the REST API calls them. */
    private static final Map<String, String> FIELDS = Map.of(
            "spec.size", "quota.bytes",
            "spec.maxEntries", "quota.entries",
            "spec.replicas", "replicas",
            "spec.consistency", "consistency",
            "spec.nodes", "count",
            "metadata.name", "name",
            "metadata.labels", "labels");

    private final Cache<String, Boolean> told = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(1))
            .maximumSize(100)
            .build();

    /** @param what was asked for, such as "patch volume 'photos'" */
    MoorageException of(KubernetesClientException e, String what) {
        return switch (e.getCode()) {
            case 400, UNPROCESSABLE -> new MoorageException(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, invalid(e));
            case 403 -> forbidden(e, what);
            case 401 -> {
                tell("Kubernetes does not accept this server's credentials: {}", message(e));
                yield unavailable("Kubernetes does not accept this server's credentials; see its log", false, e);
            }
            case 404 -> {
                tell(
                        "Kubernetes does not know what is to {}: are the custom resource definitions installed? {}",
                        what,
                        e);
                yield unavailable(
                        "Kubernetes does not know the resource, or the namespace; see this server's log", false, e);
            }
            case 409 -> new MoorageException(ErrorCode.ERROR_CODE_CONFLICT, message(e));
            default ->
                unavailable(
                        "the Kubernetes API does not answer (" + message(e)
                                + "); files are served all the same, but nothing can be changed",
                        // A connection that breaks, or a time that is up, says nothing about what happened at the other
                        // end.
                        e.getCode() <= 0 || e.getCode() >= 500,
                        e);
        };
    }

    private MoorageException forbidden(KubernetesClientException e, String what) {
        String message = message(e);
        if (MISSING_RIGHT.matcher(message).find()) {
            tell(
                    "a right is missing in Kubernetes to {}: {}. Give it to this server's service account by a Role",
                    what,
                    message);
            return unavailable(
                    "Kubernetes does not allow this server to do that; its log names the missing right", false, e);
        }
        return unavailable("Kubernetes refuses it: " + message, false, e);
    }

    private static MoorageException unavailable(String message, boolean mayHaveTakenEffect, Exception cause) {
        return new MoorageException(
                ErrorCode.ERROR_CODE_UNAVAILABLE, message, 0, mayHaveTakenEffect, Duration.ofSeconds(2), cause);
    }

    private static String invalid(KubernetesClientException e) {
        Status status = e.getStatus();
        if (status == null
                || status.getDetails() == null
                || status.getDetails().getCauses() == null
                || status.getDetails().getCauses().isEmpty()) {
            return message(e);
        }
        List<StatusCause> causes = status.getDetails().getCauses();
        return causes.stream().map(Refusals::cause).distinct().collect(Collectors.joining("; "));
    }

    private static String cause(StatusCause cause) {
        String field = cause.getField();
        if (field == null || field.isEmpty()) {
            return cause.getMessage();
        }
        String known = FIELDS.get(field);
        return (known == null ? field : known + " (" + field + ")") + ": " + cause.getMessage();
    }

    private static String message(KubernetesClientException e) {
        Status status = e.getStatus();
        if (status != null
                && status.getMessage() != null
                && !status.getMessage().isEmpty()) {
            return status.getMessage();
        }
        return text(e);
    }

    /** What Kubernetes said, or else the innermost reason why it said nothing. */
    static String text(Throwable e) {
        Throwable innermost = e;
        // What is below a refused connection is about channels, and says less.
        for (int depth = 0;
                innermost.getCause() != null && !(innermost instanceof ConnectException) && depth < 20;
                depth++) {
            innermost = innermost.getCause();
        }
        if (innermost instanceof KubernetesClientException k
                && k.getStatus() != null
                && k.getStatus().getMessage() != null) {
            return k.getStatus().getMessage();
        }
        String kind = innermost.getClass().getSimpleName();
        return innermost.getMessage() == null ? kind : kind + ": " + innermost.getMessage();
    }

    /** Once a minute, however often it happens. */
    private void tell(String format, Object... arguments) {
        String key = format + List.of(arguments);
        if (told.asMap().putIfAbsent(key, true) == null) {
            LOG.error(format, arguments);
        }
    }
}
