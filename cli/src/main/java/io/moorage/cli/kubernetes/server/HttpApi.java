package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes' API over HTTP, for this machine only. */
final class HttpApi extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final List<String> HERE = List.of("127.0.0.1", "localhost", "[::1]");

    private final Resources resources;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Rendering rendering;
    private final Watches watches;

    HttpApi(Resources resources, Watches watches, InstantSource clock) {
        this.resources = resources;
        this.discovery = new Discovery(resources.catalog());
        this.openApi = new OpenApi(resources.catalog());
        this.rendering = new Rendering(clock);
        this.watches = watches;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        try {
            refuseStrangers(request);
            if (request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
                // Clients that would rather have a WebSocket take this for "not here", and watch by plain HTTP.
                exchange.answer(200, "WebSockets are not served");
            } else if (!answerDocument(exchange)) {
                Target target = Target.of(resources.catalog(), exchange.path())
                        .orElseThrow(() -> new StatusException(
                                404, "NotFound", "the server could not find the requested resource"));
                answerResource(exchange, target);
            }
        } catch (StatusException e) {
            exchange.answer(e.code(), e.json());
        } catch (IOException | RuntimeException e) {
            LOG.error("{} {} fails", exchange.method(), exchange.path(), e);
            exchange.answer(500, new StatusException(500, "InternalError", String.valueOf(e.getMessage())).json());
        }
        return true;
    }

    /** A page in a browser must not reach what has no passwords, under whatever name it finds this machine. */
    private static void refuseStrangers(Request request) {
        String host = Request.getServerName(request);
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        boolean foreign = origin != null
                && !origin.equals("http://" + request.getHeaders().get(HttpHeader.HOST));
        if (!HERE.contains(host) || foreign) {
            throw new StatusException(403, "Forbidden", "only programs on this machine are served, at 127.0.0.1");
        }
    }

    private boolean answerDocument(Exchange exchange) {
        if (!exchange.method().equals("GET")) {
            return false;
        }
        String path = exchange.path().replaceAll("(?<=.)/$", "");
        switch (path) {
            case "/version" -> exchange.answer(200, Discovery.version());
            case "/api" -> exchange.answer(200, Discovery.coreVersions());
            case "/apis" -> exchange.answer(200, discovery.groupList());
            case "/openapi/v3" -> exchange.answer(200, openApi.index());
            default -> {
                Optional<ObjectNode> document = document(path);
                document.ifPresent(found -> exchange.answer(200, found));
                return document.isPresent();
            }
        }
        return true;
    }

    private Optional<ObjectNode> document(String path) {
        if (path.startsWith("/openapi/v3/")) {
            return openApi.v3(path.substring("/openapi/v3/".length()));
        }
        String[] parts = path.substring(1).split("/");
        if (parts[0].equals("api") && parts.length == 2) {
            return discovery.resources("", parts[1]);
        }
        if (parts[0].equals("apis") && parts.length == 2) {
            return discovery.group(parts[1]);
        }
        return parts[0].equals("apis") && parts.length == 3
                ? discovery.resources(parts[1], parts[2])
                : Optional.empty();
    }

    private void answerResource(Exchange exchange, Target target) throws IOException {
        Rendering.Request form =
                Rendering.negotiate(exchange.header(HttpHeader.ACCEPT), exchange.parameter("includeObject"));
        if (!target.subresource().isEmpty() && !isSubresource(target)) {
            throw new StatusException(404, "NotFound", "the server could not find the requested resource");
        }
        boolean collection = target.name().isEmpty();
        switch (exchange.method()) {
            case "GET" -> {
                if (collection || exchange.flag("watch")) {
                    listOrWatch(exchange, target, form);
                } else {
                    ObjectNode found = resources.get(target.type(), target.namespace(), target.name());
                    answer(exchange, 200, target, found, form);
                }
            }
            case "POST" -> {
                if (!collection) {
                    throw notAllowed(exchange, target);
                }
                written(
                        exchange,
                        target,
                        form,
                        resources.create(
                                target.type(), target.namespace(), exchange.object(), write(exchange, target)));
            }
            case "PUT" ->
                written(
                        exchange,
                        target,
                        form,
                        resources.update(
                                target.type(),
                                target.namespace(),
                                named(exchange, target),
                                exchange.object(),
                                write(exchange, target)));
            case "PATCH" ->
                written(
                        exchange,
                        target,
                        form,
                        resources.patch(
                                target.type(),
                                target.namespace(),
                                named(exchange, target),
                                exchange.contentType(),
                                exchange.body(),
                                write(exchange, target)));
            case "DELETE" -> delete(exchange, target, form);
            default -> throw notAllowed(exchange, target);
        }
    }

    private static boolean isSubresource(Target target) {
        return switch (target.subresource()) {
            case "status" -> target.type().hasStatus();
            case "scale" -> target.type().scale() != null;
            default -> false;
        };
    }

    private static String named(Exchange exchange, Target target) {
        if (target.name().isEmpty()) {
            throw notAllowed(exchange, target);
        }
        return target.name();
    }

    private static StatusException notAllowed(Exchange exchange, Target target) {
        return new StatusException(
                405,
                "MethodNotAllowed",
                exchange.method() + " is not allowed on " + target.type().resource());
    }

    private static Write write(Exchange exchange, Target target) {
        String manager = exchange.parameter("fieldManager");
        if (manager.isEmpty()) {
            if (exchange.contentType().equals(Resources.APPLY_PATCH)) {
                throw StatusException.badRequest("fieldManager is required for apply patch");
            }
            String agent = exchange.header(HttpHeader.USER_AGENT);
            manager = agent == null ? "unknown" : agent.split("/")[0];
        }
        Write.UnknownFields unknown = switch (exchange.parameter("fieldValidation")) {
            case "Strict" -> Write.UnknownFields.STRICT;
            case "Ignore" -> Write.UnknownFields.IGNORE;
            default -> Write.UnknownFields.WARN;
        };
        return new Write(
                manager,
                target.subresource(),
                !exchange.parameter("dryRun").isEmpty(),
                unknown,
                exchange.flag("force"));
    }

    private void written(Exchange exchange, Target target, Rendering.Request form, Resources.Written written) {
        exchange.warn(written.warnings());
        answer(exchange, written.created() ? 201 : 200, target, written.object(), form);
    }

    private void answer(Exchange exchange, int status, Target target, ObjectNode object, Rendering.Request form) {
        JsonNode content = target.subresource().equals("scale")
                ? Scales.of(target.type(), object)
                : rendering.one(target.type(), object, form);
        exchange.answer(status, content);
    }

    private Predicate<JsonNode> selected(Exchange exchange, Target target) {
        Predicate<JsonNode> selected = Selectors.labels(exchange.parameter("labelSelector"))
                .and(Selectors.fields(exchange.parameter("fieldSelector")));
        return target.name().isEmpty()
                ? selected
                : selected.and(
                        resource -> resource.at("/metadata/name").asText().equals(target.name()));
    }

    private void listOrWatch(Exchange exchange, Target target, Rendering.Request form) {
        Predicate<JsonNode> selected = selected(exchange, target);
        if (exchange.flag("watch")) {
            watches.start(
                    exchange, new WatchStream.Filter(target.type(), target.namespace(), selected), rendering, form);
            return;
        }
        List<ObjectNode> found;
        long version;
        synchronized (resources.store()) {
            version = resources.store().version();
            found = resources.store().list(target.type().resource(), target.namespace());
        }
        found = found.stream().filter(selected).toList();
        exchange.answer(200, rendering.list(target.type(), found, Long.toString(version), form));
    }

    private void delete(Exchange exchange, Target target, Rendering.Request form) throws IOException {
        Removal removal = removal(exchange);
        if (target.name().isEmpty()) {
            throw notAllowed(exchange, target);
        }
        ObjectNode live = resources.get(target.type(), target.namespace(), target.name());
        Optional<ObjectNode> left = resources.delete(target.type(), target.namespace(), target.name(), removal);
        if (left.isPresent()) {
            answer(exchange, 200, target, left.get(), form);
        } else {
            exchange.answer(200, deleted(target.type(), live));
        }
    }

    private static Removal removal(Exchange exchange) throws IOException {
        JsonNode body = exchange.body();
        String propagation = body.path("propagationPolicy").asText(exchange.parameter("propagationPolicy"));
        if (body.path("orphanDependents").asBoolean()) {
            propagation = "Orphan";
        }
        String grace = body.path("gracePeriodSeconds").asText(exchange.parameter("gracePeriodSeconds"));
        boolean dryRun =
                body.path("dryRun").size() > 0 || !exchange.parameter("dryRun").isEmpty();
        return new Removal(
                propagation,
                grace.matches("-?\\d{1,9}") ? Integer.valueOf(grace) : null,
                body.at("/preconditions/uid").asText(""),
                body.at("/preconditions/resourceVersion").asText(""),
                dryRun);
    }

    private static ObjectNode deleted(ResourceType type, ObjectNode live) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details");
        details.put("name", live.at("/metadata/name").asText())
                .put("group", type.group())
                .put("kind", type.plural())
                .put("uid", live.at("/metadata/uid").asText());
        return status;
    }
}
