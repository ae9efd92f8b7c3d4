package io.moorage.api.s3.object;

import io.javalin.http.Context;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.Lifecycles;
import io.moorage.api.s3.encryption.CustomerKey;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.encryption.SealedContent;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.request.RangeHeader;
import io.moorage.api.s3.request.ReadConditions;
import io.moorage.client.EntryReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GetObject and HeadObject. Thread-safe. */
public final class ObjectReads {
    private static final int MAX_PART = 10_000;
    /** Parameters that replace headers of the answer to a signed request. */
    private static final Map<String, String> OVERRIDES = overrides();

    private final Lifecycles lifecycles;
    private final Encryption encryption;

    public ObjectReads(Lifecycles lifecycles, Encryption encryption) {
        this.lifecycles = lifecycles;
        this.encryption = encryption;
    }

    private static Map<String, String> overrides() {
        Map<String, String> overrides = new LinkedHashMap<>();
        for (String header : List.of(
                "Content-Type",
                "Content-Language",
                "Expires",
                "Cache-Control",
                "Content-Disposition",
                "Content-Encoding")) {
            overrides.put("response-" + header.toLowerCase(java.util.Locale.ROOT), header);
        }
        return overrides;
    }

    public void get(S3Exchange exchange, Bucket bucket) throws IOException {
        try (EntryReader reader =
                ObjectLookup.open(bucket, exchange.key(), exchange.query("versionId"), exchange.call())) {
            StoredObject object = new StoredObject(reader.entry());
            Part part = describe(exchange, bucket, object);
            OutputStream out = exchange.context().res().getOutputStream();
            encryption
                    .opening(reader, Encryption.customerKey(exchange.head().headers()))
                    .transferTo(part.offset(), part.length(), out);
            out.flush();
        }
    }

    public void head(S3Exchange exchange, Bucket bucket) {
        StoredObject object =
                ObjectLookup.require(bucket, exchange.key(), exchange.query("versionId"), exchange.call());
        describe(exchange, bucket, object);
    }

    /** The bytes of an object that are asked for. */
    private record Part(long offset, long length) {}

    private Part describe(S3Exchange exchange, Bucket bucket, StoredObject object) {
        Context context = exchange.context();
        Optional<CustomerKey> customer = Encryption.customerKey(exchange.head().headers());
        Optional<SealedContent> sealed = encryption.check(object.entry(), customer);
        ReadConditions conditions = ReadConditions.of(exchange.head().headers());
        try {
            conditions.check(object.quotedEtag(), object.lastModified());
        } catch (S3Exception e) {
            if (e.code() == S3ErrorCode.NOT_MODIFIED) {
                e.header("ETag", object.quotedEtag()).header("Last-Modified", HttpDates.header(object.lastModified()));
            }
            throw e;
        }
        Optional<Integer> partNumber = exchange.head().query().integer("partNumber", 1, MAX_PART);
        Optional<RangeHeader.Slice> slice;
        if (partNumber.isPresent()) {
            if (exchange.header("Range").isPresent()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
            }
            slice = part(exchange, object, partNumber.get());
        } else {
            slice = rangeHolds(exchange, object)
                    ? RangeHeader.parse(exchange.header("Range").orElse(null), object.size())
                    : Optional.empty();
        }
        ObjectAnswer.describe(exchange, bucket, object);
        sealed.ifPresent(it -> Encryption.headers(it, customer).forEach(exchange::answer));
        lifecycles
                .of(bucket)
                .flatMap(rules -> rules.expiry(object.forLifecycle(exchange.key())))
                .ifPresent(expiry -> exchange.answer("x-amz-expiration", expiry.header()));
        override(exchange);
        long offset = slice.map(RangeHeader.Slice::offset).orElse(0L);
        long length = slice.map(RangeHeader.Slice::length).orElse(object.size());
        slice.ifPresent(range -> {
            context.status(206);
            context.header("Content-Range", range.contentRange(object.size()));
        });
        boolean wanted = exchange.header("x-amz-checksum-mode")
                .filter(mode -> mode.equalsIgnoreCase("ENABLED"))
                .isPresent();
        if (wanted && (slice.isEmpty() || length == object.size())) {
            object.facts()
                    .flatMap(ContentFacts::checksum)
                    .ifPresent(checksum -> ObjectAnswer.checksum(exchange, checksum));
        } else if (wanted && partNumber.isPresent()) {
            object.facts().ifPresent(facts -> ObjectAnswer.partChecksum(exchange, facts, partNumber.get()));
        }
        context.res().setContentLengthLong(length);
        return new Part(offset, length);
    }

    /** @throws S3Exception InvalidPartNumber if there is no such part */
    private static Optional<RangeHeader.Slice> part(S3Exchange exchange, StoredObject object, int number) {
        List<Long> sizes = object.facts().map(ContentFacts::partSizes).orElse(List.of());
        if (sizes.isEmpty()) {
            if (number > 1) {
                throw noPart(number, 1);
            }
            return Optional.empty();
        }
        if (number > sizes.size()) {
            throw noPart(number, sizes.size());
        }
        exchange.answer("x-amz-mp-parts-count", Integer.toString(sizes.size()));
        long offset =
                sizes.subList(0, number - 1).stream().mapToLong(Long::longValue).sum();
        long length = sizes.get(number - 1);
        return length == 0 ? Optional.empty() : Optional.of(new RangeHeader.Slice(offset, length));
    }

    private static S3Exception noPart(int number, int parts) {
        return new S3Exception(S3ErrorCode.INVALID_PART_NUMBER)
                .with("PartNumberRequested", Integer.toString(number))
                .with("ActualPartCount", Integer.toString(parts));
    }

    /** If-Range (RFC 9110 §13.1.5). */
    private static boolean rangeHolds(S3Exchange exchange, StoredObject object) {
        Optional<String> condition = exchange.header("If-Range");
        if (condition.isEmpty()) {
            return true;
        }
        Optional<Instant> date = HttpDates.parse(condition.get());
        return date.map(instant ->
                        instant.getEpochSecond() == object.lastModified().getEpochSecond())
                .orElseGet(() -> condition.get().equals(object.quotedEtag()));
    }

    private static void override(S3Exchange exchange) {
        OVERRIDES.forEach((parameter, header) -> exchange.query(parameter).ifPresent(value -> {
            if (exchange.authentication().caller().anonymous()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "Request specific response headers cannot be used for anonymous GET requests.");
            }
            if (value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                throw S3Exception.invalidArgument("Header value cannot be represented", parameter, value);
            }
            if (header.equals("Content-Type")) {
                exchange.context().contentType(value);
            } else {
                exchange.answer(header, ObjectAnswer.headerText(value));
            }
        }));
    }
}
