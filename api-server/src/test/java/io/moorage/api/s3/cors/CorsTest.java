package io.moorage.api.s3.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.xml.CorsDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorsTest {
    private static final String DOCUMENT = "<CORSConfiguration><CORSRule><ID>one</ID><AllowedMethod>PUT</AllowedMethod>"
            + "<AllowedMethod>POST</AllowedMethod><AllowedOrigin>http://*.example.com</AllowedOrigin><AllowedHeader>X-Amz-*</AllowedHeader>"
            + "<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>300</MaxAgeSeconds></CORSRule>"
            + "<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>";

    private static CorsConfiguration read(String document) throws IOException {
        return CorsDocument.read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void preflights() throws IOException {
        CorsConfiguration cors = read(DOCUMENT);

        assertThat(cors.preflight("http://www.example.com", "PUT", "x-amz-date, X-AMZ-ACL"))
                .contains(Map.of(
                        "Access-Control-Allow-Origin", "http://www.example.com",
                        "Access-Control-Allow-Methods", "PUT, POST",
                        "Access-Control-Allow-Headers", "x-amz-date, X-AMZ-ACL",
                        "Access-Control-Expose-Headers", "ETag",
                        "Access-Control-Max-Age", "300",
                        "Access-Control-Allow-Credentials", "true",
                        "Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"));
        assertThat(cors.preflight("http://www.example.com", "PUT", "content-type"))
                .isEmpty();
        assertThat(cors.preflight("http://example.com", "PUT", "")).isEmpty();
        assertThat(cors.preflight("http://www.example.com", "DELETE", "")).isEmpty();
        assertThat(cors.preflight("null", "GET", ""))
                .hasValueSatisfying(headers -> assertThat(headers)
                        .containsEntry("Access-Control-Allow-Origin", "*")
                        .doesNotContainKey("Access-Control-Allow-Credentials"));
        assertThat(cors.preflight("null", "GET", "x-other")).isEmpty();
    }

    @Test
    void requests() throws IOException {
        CorsConfiguration cors = read(DOCUMENT);
        assertThat(cors.headers("http://a.example.com", "POST")).containsEntry("Access-Control-Expose-Headers", "ETag");
        assertThat(cors.headers("http://evil.org", "POST")).isEmpty();
        // The star stands for something between both ends, which do not overlap.
        assertThat(cors.headers("http://example.com", "POST")).isEmpty();
    }

    @Test
    void documentsGoRound() throws IOException {
        CorsConfiguration cors = read(DOCUMENT);
        assertThat(read(new String(CorsDocument.of(cors).bytes(), StandardCharsets.UTF_8)))
                .isEqualTo(cors);
    }

    @Test
    void refusals() {
        String rule = "<CORSConfiguration><CORSRule>%s</CORSRule></CORSConfiguration>";
        String origin = "<AllowedOrigin>*</AllowedOrigin>";
        String get = "<AllowedMethod>GET</AllowedMethod>";
        for (Object[] bad : new Object[][] {
            {origin + "<AllowedMethod>PATCH</AllowedMethod>", S3ErrorCode.INVALID_REQUEST},
            {get + "<AllowedOrigin>http://*.*</AllowedOrigin>", S3ErrorCode.INVALID_REQUEST},
            {get + origin + "<AllowedHeader>*-*</AllowedHeader>", S3ErrorCode.INVALID_REQUEST},
            {get + origin + "<ExposeHeader>*</ExposeHeader>", S3ErrorCode.INVALID_REQUEST},
            {origin, S3ErrorCode.MALFORMED_XML},
            {get, S3ErrorCode.MALFORMED_XML},
            {get + origin + "<Other/>", S3ErrorCode.MALFORMED_XML},
        }) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> read(rule.formatted(bad[0])))
                            .code())
                    .as((String) bad[0])
                    .isEqualTo(bad[1]);
        }
        assertThat(catchThrowableOfType(S3Exception.class, () -> read("<CORSConfiguration/>"))
                        .code())
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
    }
}
