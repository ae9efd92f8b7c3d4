package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is four times as large as the heap of the API server that it goes through. */
class SmallHeapIT {
    private static final int HEAP_MIB = 64;
    private static final long BYTES = 256L << 20;

    @TempDir
    Path directory;

    @Test
    void fileOfFourTimesTheHeapGoesInAndOut() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory.resolve("cluster"))) {
            cluster.moorage("volume", "create", "v");
            Process api = cluster.startApi(HEAP_MIB);
            HttpClient http = HttpClient.newHttpClient();
            URI file = URI.create(cluster.otherApiUrl() + "/storage/volumes/v/files/large");
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> http.send(
                                            HttpRequest.newBuilder(
                                                            URI.create(cluster.otherApiUrl() + "/storage/volumes/v"))
                                                    .build(),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);

            HttpResponse<String> put = http.send(
                    HttpRequest.newBuilder(file)
                            .PUT(HttpRequest.BodyPublishers.fromPublisher(
                                    HttpRequest.BodyPublishers.ofInputStream(SmallHeapIT::body), BYTES))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            HttpResponse<InputStream> get =
                    http.send(HttpRequest.newBuilder(file).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = new DigestInputStream(get.body(), digest)) {
                assertThat(in.transferTo(java.io.OutputStream.nullOutputStream()))
                        .isEqualTo(BYTES);
            }
            assertThat(digest.digest()).isEqualTo(expected());
            assertThat(api.isAlive()).isTrue();
            Path status = Path.of("/proc", Long.toString(api.pid()), "status");
            if (Files.exists(status)) {
                String peak = Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("");
                System.out.printf("%d MiB through an API server with -Xmx%dm: %s%n", BYTES >> 20, HEAP_MIB, peak);
            }
        }
    }

    /** The same bytes each time. */
    private static InputStream body() {
        byte[] chunk = new byte[1 << 16];
        Random random = new Random(1);
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (position == BYTES) {
                    return -1;
                }
                int at = (int) (position % chunk.length);
                if (at == 0) {
                    random.nextBytes(chunk);
                }
                int n = (int) Math.min(Math.min(length, chunk.length - at), BYTES - position);
                System.arraycopy(chunk, at, target, offset, n);
                position += n;
                return n;
            }
        };
    }

    private static byte[] expected() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = body();
                DigestOutputStream out = new DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
        return digest.digest();
    }
}
