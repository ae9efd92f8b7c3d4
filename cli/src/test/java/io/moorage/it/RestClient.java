package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** One volume over REST, without any repetition of what could not be done. Thread-safe. */
final class RestClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String files;

    RestClient(String api, String volume) {
        this.files = api + "/storage/volumes/" + volume + "/files/";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(files + path))
                .header("X-Consistency", "strong")
                .timeout(Duration.ofSeconds(60));
    }

    /** @return the status. @throws IOException if no answer came: it may be stored or not */
    int put(String key, byte[] content) throws IOException, InterruptedException {
        return http.send(request(key).PUT(BodyPublishers.ofByteArray(content)).build(), BodyHandlers.discarding())
                .statusCode();
    }

    /** Null: there is nothing. Waits while nobody can say. */
    byte[] get(String key) {
        AtomicReference<byte[]> content = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(IOException.class)
                .until(() -> {
                    HttpResponse<byte[]> response = http.send(request(key).GET().build(), BodyHandlers.ofByteArray());
                    content.set(response.statusCode() == 200 ? response.body() : null);
                    assertThat(response.statusCode()).as(key).isIn(200, 404, 503);
                    return response.statusCode() != 503;
                });
        return content.get();
    }

    /** Bytes; 0 = there is nothing; -1 = nobody can say. */
    long size(String key) throws IOException, InterruptedException {
        HttpResponse<Void> response =
                http.send(request(key).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.discarding());
        return switch (response.statusCode()) {
            case 200 -> response.headers().firstValueAsLong("Content-Length").orElseThrow();
            case 404 -> 0;
            default -> -1;
        };
    }

    /** How many of the first thousand there are in a directory. */
    int count(String prefix) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(request("?recursive=true&prefix=" + prefix).GET().build(), BodyHandlers.ofByteArray());
        return JSON.readTree(response.body()).path("items").size();
    }
}
