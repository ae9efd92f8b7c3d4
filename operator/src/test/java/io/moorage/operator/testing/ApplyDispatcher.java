package io.moorage.operator.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The mock server answers server-side apply with 415. Here it does what an API server would when one field manager owns all that
 * it ever applied at the top level: metadata is merged, every other field is replaced. Writes are counted.
 */
public final class ApplyDispatcher extends KubernetesCrudDispatcher {
    private static final String STATUS = "/status";

    private static final int REMEMBERED = 40;

    private final AtomicInteger writes = new AtomicInteger();
    private final Deque<String> last = new ArrayDeque<>();

    ApplyDispatcher(List<CustomResourceDefinitionContext> resources) {
        super(resources);
    }

    /** A server, not started yet, that understands server-side apply. */
    public static KubernetesMockServer server() {
        return server(new ApplyDispatcher(List.of()));
    }

    static KubernetesMockServer server(ApplyDispatcher dispatcher) {
        return new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    }

    int writes() {
        return writes.get();
    }

    /** The last ones, for whoever wonders. */
    synchronized List<String> lastWrites() {
        return List.copyOf(last);
    }

    private synchronized void count(RecordedRequest request) {
        writes.incrementAndGet();
        if (last.size() == REMEMBERED) {
            last.removeFirst();
        }
        // The way that leaves the body for those who read it after this.
        String body =
                request.getBody() == null ? "" : new String(request.getBody().getBytes(), StandardCharsets.UTF_8);
        last.add(request.getMethod() + " " + request.getPath() + " " + body);
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
        count(request);
        return super.handleCreate(request);
    }

    @Override
    public MockResponse handleUpdate(RecordedRequest request) {
        count(request);
        return super.handleUpdate(request);
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        count(request);
        String type = request.getHeader("Content-Type");
        if (type == null || !type.startsWith("application/apply-patch")) {
            return super.handlePatch(request);
        }
        String path = request.getPath().replaceFirst("[?].*", "");
        boolean status = path.endsWith(STATUS);
        Map.Entry<?, String> present =
                findResource(getKey(status ? path.substring(0, path.length() - STATUS.length()) : path));
        try {
            ObjectNode applied = (ObjectNode) Serialization.jsonMapper().readTree(request.getUtf8Body());
            if (present == null) {
                return status
                        ? new MockResponse().setResponseCode(404)
                        : super.handleCreate(request(
                                request, HttpMethod.POST, path.substring(0, path.lastIndexOf('/')), applied, "json"));
            }
            ObjectNode before = (ObjectNode) Serialization.jsonMapper().readTree(present.getValue());
            ArrayNode patch = Serialization.jsonMapper().createArrayNode();
            applied.fields().forEachRemaining(field -> {
                if (status == field.getKey().equals("status")) {
                    JsonNode value = field.getKey().equals("metadata")
                            ? merged(before.get(field.getKey()), field.getValue())
                            : field.getValue();
                    patch.addObject()
                            .put("op", "add")
                            .put("path", "/" + field.getKey())
                            .set("value", value);
                }
            });
            // Not a merge patch: the mock server appends to arrays then.
            return super.handlePatch(request(request, HttpMethod.PATCH, path, patch, "json-patch+json"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static JsonNode merged(JsonNode before, JsonNode applied) {
        if (before == null || !before.isObject() || !applied.isObject()) {
            return applied;
        }
        ObjectNode merged = before.deepCopy();
        applied.fields()
                .forEachRemaining(
                        field -> merged.set(field.getKey(), merged(before.get(field.getKey()), field.getValue())));
        return merged;
    }

    private static RecordedRequest request(
            RecordedRequest request, HttpMethod method, String path, JsonNode body, String type) {
        return new RecordedRequest(
                request.getHttpVersion(),
                method,
                path,
                Headers.builder().set("Content-Type", "application/" + type).build(),
                new Buffer().writeUtf8(body.toString()));
    }
}
