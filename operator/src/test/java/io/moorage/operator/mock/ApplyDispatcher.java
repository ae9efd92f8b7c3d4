package io.moorage.operator.mock;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.util.HashMap;

/**
 * The mock server's CRUD mode answers server-side apply with 404 (no such object) or 415. Here it makes the object, or merges into
 * the one that is there. It keeps no managed fields: what was left out of a later apply stays, and nothing is a conflict.
 */
public final class ApplyDispatcher extends KubernetesCrudDispatcher {
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String APPLY = "application/apply-patch+yaml";

    /** A server, not started yet, that understands server-side apply. */
    public static KubernetesMockServer server() {
        return new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new ApplyDispatcher(), false);
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        String type = request.getHeader(CONTENT_TYPE);
        if (type == null || !type.startsWith(APPLY)) {
            return super.handlePatch(request);
        }
        String path = request.getPath().replaceFirst("\\?.*", "");
        if (handleGet(path).code() == HttpURLConnection.HTTP_NOT_FOUND) {
            String collection = path.substring(0, path.lastIndexOf('/'));
            return handleCreate(as(request, HttpMethod.POST, collection, "application/json"));
        }
        return super.handlePatch(as(request, HttpMethod.PATCH, path, "application/merge-patch+json"));
    }

    private static RecordedRequest as(RecordedRequest request, HttpMethod method, String path, String type) {
        Headers headers =
                request.getHeaders().newBuilder().setHeader(CONTENT_TYPE, type).build();
        return new RecordedRequest(
                request.getHttpVersion(),
                method,
                path,
                headers,
                new Buffer(request.getBody().getBytes()));
    }
}
