package io.moorage.api.s3.endpoint;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.BucketRegistry;
import io.moorage.api.s3.bucket.Settings;
import io.moorage.api.s3.cors.CorsConfiguration;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import java.util.Map;
import java.util.Optional;

/** What browsers ask before requests of pages from elsewhere, and what they want to hear with the answers. Thread-safe. */
final class Preflights {
    private final BucketRegistry registry;

    Preflights(BucketRegistry registry) {
        this.registry = registry;
    }

    void preflight(S3Exchange exchange) {
        String origin = exchange.header("Origin")
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.BAD_REQUEST, "Insufficient information. Origin request header needed."));
        String method = exchange.header("Access-Control-Request-Method")
                .orElseThrow(
                        () -> new S3Exception(S3ErrorCode.BAD_REQUEST, "Invalid Access-Control-Request-Method: null"));
        Map<String, String> headers = configuration(exchange)
                .flatMap(cors -> cors.preflight(
                        origin,
                        method,
                        exchange.header("Access-Control-Request-Headers").orElse("")))
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.ACCESS_FORBIDDEN,
                        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin,"
                                + " request method / Access-Control-Request-Method or Access-Control-Request-Headers are not"
                                + " whitelisted by the resource's CORS spec."));
        headers.forEach(exchange::answer);
        exchange.answer(200);
    }

    /** For a request from another origin; those that fail have them as well, so that pages can see why. */
    void answerHeaders(S3Exchange exchange) {
        Optional<String> origin = exchange.header("Origin");
        if (origin.isPresent() && !exchange.head().method().equals("OPTIONS")) {
            configuration(exchange)
                    .map(cors -> cors.headers(origin.get(), exchange.head().method()))
                    .ifPresent(headers -> headers.forEach(exchange::answer));
        }
    }

    private Optional<CorsConfiguration> configuration(S3Exchange exchange) {
        return Optional.of(exchange.target().bucket())
                .filter(name -> !name.isEmpty())
                .flatMap(registry::find)
                .flatMap(Preflights::cors);
    }

    private static Optional<CorsConfiguration> cors(Bucket bucket) {
        return bucket.setting(Settings.CORS, Settings::cors);
    }
}
