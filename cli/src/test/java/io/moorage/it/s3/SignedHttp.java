package io.moorage.it.s3;

import io.moorage.api.users.AccessKey;
import io.moorage.it.S3Fixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/** Requests that no client would send, signed by the AWS SDK's signer and sent over a socket as they are. */
final class SignedHttp {
    /** @param body as text */
    record Answer(int status, String head, String body) {
        String code() {
            int from = body.indexOf("<Code>");
            return from < 0 ? "" : body.substring(from + 6, body.indexOf("</Code>"));
        }
    }

    private final AccessKey key;
    private final Duration clockAhead;

    SignedHttp(AccessKey key, Duration clockAhead) {
        this.key = key;
        this.clockAhead = clockAhead;
    }

    /** Signs with the body's hash. */
    SignedRequest sign(String method, String pathAndQuery, byte[] body, Map<String, String> headers) {
        return sign(method, pathAndQuery, body, headers, false);
    }

    /** @param chunked whether its chunks are signed one by one */
    SignedRequest sign(String method, String pathAndQuery, byte[] body, Map<String, String> headers, boolean chunked) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(URI.create(S3Fixture.endpoint() + pathAndQuery));
        headers.forEach(request::putHeader);
        if (body.length > 0) {
            request.putHeader("Content-Length", Integer.toString(body.length));
        }
        return AwsV4HttpSigner.create()
                .sign(r -> r.identity(AwsBasicCredentials.create(key.id(), key.secret()))
                        .request(request.build())
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, chunked)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.offset(Clock.systemUTC(), clockAhead)));
    }

    /** Signs and sends. */
    Answer send(String method, String pathAndQuery, byte[] body, Map<String, String> headers) throws IOException {
        return send(sign(method, pathAndQuery, body, headers), body);
    }

    /** Sends what was signed with what may be another body. */
    static Answer send(SignedRequest signed, byte[] body) throws IOException {
        SdkHttpRequest request = signed.request();
        String query = request.encodedQueryParameters().map(q -> "?" + q).orElse("");
        StringBuilder head =
                new StringBuilder(request.method() + " " + request.encodedPath() + query + " HTTP/1.1\r\n");
        boolean host = false;
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            host |= header.getKey().equalsIgnoreCase("Host");
            header.getValue()
                    .forEach(value -> head.append(header.getKey())
                            .append(": ")
                            .append(value)
                            .append("\r\n"));
        }
        if (!host) {
            head.append("Host: 127.0.0.1:").append(S3Fixture.port()).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        return exchange(head.toString(), body);
    }

    /** Sends just this, and reads until the connection is closed. */
    static Answer exchange(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", S3Fixture.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.UTF_8));
            out.flush();
            try {
                out.write(body);
                out.flush();
            } catch (IOException e) {
                // It has answered and does not want to hear more.
            }
            socket.shutdownOutput();
            return parse(socket.getInputStream());
        }
    }

    private static Answer parse(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException e) {
            // A connection that is cut after the answer.
        }
        String text = all.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no answer: '" + text + "'");
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }
}
