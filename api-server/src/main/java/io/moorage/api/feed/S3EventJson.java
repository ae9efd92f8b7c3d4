package io.moorage.api.feed;

import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeKind;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.EntryKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Changes as S3 event records ("Event message structure", Amazon S3 User Guide, version 2.1). The bucket is the top-level
 * directory; what is in none is left out, and so are markers of directories.
 */
final class S3EventJson {
    private S3EventJson() {}

    static Map<String, Object> of(String webhook, List<Change> changes) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (Change change : changes) {
            int slash = change.getKey().indexOf('/');
            // What has the version that it had is nothing that an object's event is made of.
            if (slash > 0
                    && change.getKind() != ChangeKind.CHANGE_KIND_AMENDED
                    && slash < change.getKey().length() - 1
                    && change.getEntryKind() != EntryKind.ENTRY_KIND_DIRECTORY) {
                records.add(record(
                        webhook,
                        change,
                        change.getKey().substring(0, slash),
                        change.getKey().substring(slash + 1)));
            }
        }
        return Map.of("Records", records);
    }

    private static Map<String, Object> record(String webhook, Change change, String bucket, String key) {
        boolean removed = isRemoval(change);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("key", URLEncoder.encode(key, StandardCharsets.UTF_8));
        if (!removed) {
            object.put("size", change.getSize());
            change.getDigestsList().stream()
                    .filter(digest -> digest.getAlgorithm().equals("md5"))
                    .map(Digest::getValue)
                    .findFirst()
                    .ifPresent(md5 -> object.put("eTag", HexFormat.of().formatHex(md5.toByteArray())));
            object.put("versionId", Long.toString(change.getVersion()));
        }
        object.put("sequencer", String.format(Locale.ROOT, "%016X%08X", change.getVersion(), change.getOrdinal()));
        Map<String, Object> s3 = new LinkedHashMap<>();
        s3.put("s3SchemaVersion", "1.0");
        s3.put("configurationId", webhook);
        s3.put(
                "bucket",
                Map.of(
                        "name",
                        bucket,
                        "ownerIdentity",
                        Map.of("principalId", "moorage"),
                        "arn",
                        "arn:aws:s3:::" + bucket));
        s3.put("object", object);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("eventVersion", "2.1");
        json.put("eventSource", "moorage:s3");
        json.put("awsRegion", "");
        json.put("eventTime", Instant.ofEpochMilli(change.getTimeMs()).toString());
        json.put("eventName", name(change));
        json.put("userIdentity", Map.of("principalId", ""));
        json.put("requestParameters", Map.of("sourceIPAddress", ""));
        json.put("responseElements", Map.of());
        json.put("s3", s3);
        return json;
    }

    private static boolean isRemoval(Change change) {
        return switch (change.getKind()) {
            case CHANGE_KIND_DELETED, CHANGE_KIND_EXPIRED, CHANGE_KIND_RENAMED_FROM -> true;
            default -> false;
        };
    }

    private static String name(Change change) {
        return switch (change.getKind()) {
            case CHANGE_KIND_DELETED, CHANGE_KIND_RENAMED_FROM ->
                change.getDeleteMarker() ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectRemoved:Delete";
            case CHANGE_KIND_EXPIRED ->
                change.getDeleteMarker() ? "LifecycleExpiration:DeleteMarkerCreated" : "LifecycleExpiration:Delete";
            case CHANGE_KIND_COPIED, CHANGE_KIND_RENAMED_TO -> "ObjectCreated:Copy";
            default -> "ObjectCreated:Put";
        };
    }
}
