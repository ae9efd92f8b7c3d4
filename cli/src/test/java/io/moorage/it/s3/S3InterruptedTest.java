package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.it.S3Fixture;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients that go away in the middle, and clients that take their time. */
@ExtendWith(S3Fixture.class)
class S3InterruptedTest {
    private static final String BUCKET = "interrupted";
    private static final String VOLUME = "interruptions";
    private static final int SIZE = 12 << 20;
    private static S3Client s3;
    private static long expected;

    private final SignedHttp alice = new SignedHttp(S3Fixture.alice(), Duration.ZERO);
    private final byte[] body = Clients.data(SIZE);

    @BeforeAll
    static void start() {
        s3 = Clients.alice();
        S3Fixture.volume(VOLUME);
        s3.createBucket(b -> b.bucket(BUCKET).createBucketConfiguration(c -> c.locationConstraint(VOLUME)));
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Test
    void ofAPutThatIsCutNothingRemains() {
        s3.putObject(b -> b.bucket(BUCKET).key("kept"), RequestBody.fromString("before"));
        for (String key : new String[] {"new", "kept"}) {
            SignedRequest signed = alice.sign("PUT", "/" + BUCKET + "/" + key, body, Map.of());
            assertThatThrownBy(() -> SignedHttp.send(signed, Arrays.copyOf(body, SIZE - 1)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("new")).keyCount())
                .isZero();
        assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("kept")).asUtf8String())
                .isEqualTo("before");
        nothingElseIsStored("before".length());
    }

    @Test
    void ofAPartThatIsCutNothingRemains() {
        String id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key("parts")).uploadId();
        s3.uploadPart(b -> b.bucket(BUCKET).key("parts").uploadId(id).partNumber(1), RequestBody.fromString("first"));
        for (int number = 1; number <= 2; number++) {
            SignedRequest signed =
                    alice.sign("PUT", "/" + BUCKET + "/parts?partNumber=" + number + "&uploadId=" + id, body, Map.of());
            assertThatThrownBy(() -> SignedHttp.send(signed, Arrays.copyOf(body, SIZE / 2)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(s3.listParts(b -> b.bucket(BUCKET).key("parts").uploadId(id)).parts())
                .singleElement()
                .satisfies(part -> assertThat(part.size()).isEqualTo(5));
        s3.abortMultipartUpload(b -> b.bucket(BUCKET).key("parts").uploadId(id));
        nothingElseIsStored(0);
    }

    @Test
    void whoReadsSlowlyIsSentNoMoreThanTheyTake() throws Exception {
        s3.putObject(b -> b.bucket(BUCKET).key("slow"), RequestBody.fromBytes(body));
        expected += SIZE;
        SignedRequest signed = alice.sign("GET", "/" + BUCKET + "/slow", new byte[0], Map.of());
        StringBuilder head = new StringBuilder("GET /" + BUCKET + "/slow HTTP/1.1\r\n");
        signed.request()
                .headers()
                .forEach((name, values) ->
                        head.append(name).append(": ").append(values.get(0)).append("\r\n"));
        if (signed.request().firstMatchingHeader("Host").isEmpty()) {
            head.append("Host: 127.0.0.1:").append(S3Fixture.port()).append("\r\n");
        }
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 * 1024);
            socket.setSoTimeout(20_000);
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", S3Fixture.port()));
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            // What the answer begins with, and then nothing while others are served.
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("slow")).asByteArray())
                    .isEqualTo(body);
            byte[] rest = in.readAllBytes();
            assertThat(Arrays.copyOfRange(rest, rest.length - SIZE, rest.length))
                    .isEqualTo(body);
        }
    }

    /**
     * Waits until the volume says that it stores what was put into it, and nothing else. What it says is some moments old: therefore
     * something new comes last.
     */
    private static void nothingElseIsStored(int put) {
        expected += put + 3;
        s3.putObject(b -> b.bucket(BUCKET).key("mark-" + expected), RequestBody.fromString("xyz"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(usage()).isEqualTo(expected));
    }

    private static long usage() throws IOException, InterruptedException {
        String volume = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(S3Fixture.api().resolve("/storage/volumes/" + VOLUME))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return new ObjectMapper().readTree(volume).at("/usage/storedBytes").asLong(-1);
    }
}
