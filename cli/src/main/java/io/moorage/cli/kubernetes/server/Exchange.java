package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** A request and its answer. */
final class Exchange {
    private static final int LARGEST_BODY = 3 * 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Fields query;

    Exchange(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.query = Request.extractQueryParameters(request);
    }

    String method() {
        return request.getMethod();
    }

    String path() {
        return request.getHttpURI().getPath();
    }

    String header(HttpHeader name) {
        return request.getHeaders().get(name);
    }

    /** "" if it is left out. */
    String parameter(String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    boolean flag(String name) {
        return List.of("true", "1").contains(parameter(name).toLowerCase(Locale.ROOT));
    }

    Response response() {
        return response;
    }

    Callback callback() {
        return callback;
    }

    /** Without parameters. */
    String contentType() {
        String type = header(HttpHeader.CONTENT_TYPE);
        return type == null ? "application/json" : type.split(";")[0].strip();
    }

    /** Missing if there is none. @throws StatusException if it is too large, or neither JSON nor YAML */
    JsonNode body() throws IOException {
        byte[] bytes;
        try (InputStream in = Content.Source.asInputStream(request)) {
            bytes = in.readNBytes(LARGEST_BODY + 1);
        }
        if (bytes.length > LARGEST_BODY) {
            throw new StatusException(
                    413, "RequestEntityTooLarge", "the body is larger than " + LARGEST_BODY + " bytes");
        }
        String type = contentType();
        boolean yaml = type.endsWith("yaml");
        if (!yaml && !type.endsWith("json")) {
            throw new StatusException(
                    415, "UnsupportedMediaType", "the body is '" + type + "'; it must be JSON or YAML");
        }
        try {
            JsonNode body = (yaml ? YAML : JSON).readTree(bytes);
            return body == null ? JSON.missingNode() : body;
        } catch (JsonProcessingException e) {
            throw StatusException.badRequest("the body cannot be read: " + e.getOriginalMessage());
        }
    }

    ObjectNode object() throws IOException {
        if (body() instanceof ObjectNode object) {
            return object;
        }
        throw StatusException.badRequest("the body must be an object");
    }

    void warn(List<String> warnings) {
        warnings.forEach(warning -> response.getHeaders()
                .add("Warning", "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
    }

    void answer(int status, JsonNode content) {
        answer(status, "application/json", content.toString().getBytes(StandardCharsets.UTF_8));
    }

    void answer(int status, String text) {
        answer(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(int status, String type, byte[] bytes) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
