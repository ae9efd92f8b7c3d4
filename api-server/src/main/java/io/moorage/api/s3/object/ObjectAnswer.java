package io.moorage.api.s3.object;

import io.javalin.http.Context;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.RetentionMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** The headers by which answers tell of objects. */
public final class ObjectAnswer {
    private ObjectAnswer() {}

    /** All that GetObject and HeadObject tell, but for lengths and ranges. */
    static void describe(S3Exchange exchange, Bucket bucket, StoredObject object) {
        Context context = exchange.context();
        Entry entry = object.entry();
        context.header("ETag", object.quotedEtag());
        context.header("Last-Modified", HttpDates.header(object.lastModified()));
        context.header("Accept-Ranges", "bytes");
        context.contentType(entry.getContentType().isEmpty() ? "binary/octet-stream" : entry.getContentType());
        for (Map.Entry<String, String> header : Attributes.HEADERS.entrySet()) {
            Attributes.get(entry, header.getValue()).ifPresent(value -> context.header(header.getKey(), value));
        }
        for (MetadataItem item : entry.getMetadataList()) {
            context.header("x-amz-meta-" + item.getName(), headerText(item.getValue()));
        }
        Attributes.get(entry, Attributes.REDIRECT)
                .ifPresent(location -> context.header("x-amz-website-redirect-location", location));
        if (!object.storageClass().equals(StoredObject.STANDARD)) {
            context.header("x-amz-storage-class", object.storageClass());
        }
        Attributes.get(entry, Attributes.TAGS)
                .map(Tags::parseHeader)
                .ifPresent(tags -> context.header("x-amz-tagging-count", Integer.toString(tags.size())));
        version(exchange, bucket, entry);
        lock(context, entry);
    }

    private static void lock(Context context, Entry entry) {
        if (!entry.hasLock()) {
            return;
        }
        ObjectLock lock = entry.getLock();
        if (lock.getMode() != RetentionMode.RETENTION_MODE_UNSPECIFIED) {
            context.header("x-amz-object-lock-mode", Locks.mode(lock.getMode()).name());
            context.header(
                    "x-amz-object-lock-retain-until-date",
                    HttpDates.document(Instant.ofEpochMilli(lock.getRetainUntilMs())));
        }
        context.header("x-amz-object-lock-legal-hold", lock.getLegalHold() ? "ON" : "OFF");
    }

    /** The version that was read or made. */
    public static void version(S3Exchange exchange, Bucket bucket, Entry entry) {
        StoredObject.versionId(bucket, entry).ifPresent(id -> exchange.answer("x-amz-version-id", id));
    }

    /** The checksum of the content, if one is kept. */
    public static void checksum(S3Exchange exchange, ContentFacts.Checksum checksum) {
        exchange.answer(checksum.algorithm().header(), checksum.value());
        exchange.answer("x-amz-checksum-type", checksum.type().name());
    }

    /** The checksum of a part of the content, if one is kept. */
    static void partChecksum(S3Exchange exchange, ContentFacts facts, int part) {
        facts.partChecksum(part)
                .ifPresent(value -> exchange.answer(
                        facts.checksum().orElseThrow().algorithm().header(), value));
    }

    /** What headers cannot hold goes as RFC 2047 says, which is what AWS does. */
    static String headerText(String text) {
        boolean plain = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        return plain
                ? text
                : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
