package io.moorage.api.s3.object;

import com.google.protobuf.ByteString;
import io.moorage.api.s3.body.BodyDigests;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.body.UploadBody;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.PercentCoding;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.MetadataItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the headers of a request say about the object that it makes.
 *
 * @param contentType may be empty
 * @param metadata the user's
 * @param attributes headers to give back, storage class and such; without tags
 * @param tags null: none were sent
 */
public record NewObject(String contentType, List<MetadataItem> metadata, List<MetadataItem> attributes, Tags tags) {
    private static final String META = "x-amz-meta-";
    private static final String TAGGING = "x-amz-tagging";
    private static final int MAX_METADATA_BYTES = 2048;
    /** Those that have no other meaning here than where AWS puts an object, so that they can be taken and told again. */
    private static final Set<String> STORAGE_CLASSES = Set.of(
            "STANDARD",
            "REDUCED_REDUNDANCY",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER_IR",
            "EXPRESS_ONEZONE");

    /** @throws S3Exception for what is not allowed, or asks for something that is not implemented */
    public static NewObject of(Headers headers) {
        refuseUnsupported(headers);
        List<MetadataItem> attributes = new ArrayList<>();
        Attributes.HEADERS.forEach((header, attribute) -> {
            Optional<String> value =
                    header.equals("Content-Encoding") ? UploadBody.contentEncoding(headers) : headers.first(header);
            value.filter(text -> !text.isEmpty()).ifPresent(text -> attributes.add(Attributes.item(attribute, text)));
        });
        headers.first("x-amz-storage-class").ifPresent(storageClass -> {
            if (!STORAGE_CLASSES.contains(storageClass)) {
                throw new S3Exception(S3ErrorCode.INVALID_STORAGE_CLASS).with("StorageClassRequested", storageClass);
            }
            if (!storageClass.equals(StoredObject.STANDARD)) {
                attributes.add(Attributes.item(Attributes.STORAGE_CLASS, storageClass));
            }
        });
        headers.first("x-amz-website-redirect-location")
                .ifPresent(location -> attributes.add(Attributes.item(Attributes.REDIRECT, location)));
        return new NewObject(
                headers.first("Content-Type").orElse(""),
                metadata(headers),
                List.copyOf(attributes),
                headers.first(TAGGING).map(Tags::parseHeader).orElse(null));
    }

    private static List<MetadataItem> metadata(Headers headers) {
        List<MetadataItem> items = new ArrayList<>();
        int bytes = 0;
        for (String header : headers.names()) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith(META) && name.length() > META.length()) {
                String value = headers.all(header).stream().map(String::trim).collect(Collectors.joining(","));
                String bare = name.substring(META.length());
                bytes += bare.length() + value.getBytes(StandardCharsets.UTF_8).length;
                items.add(Attributes.item(bare, value));
            }
        }
        if (bytes > MAX_METADATA_BYTES) {
            throw new S3Exception(S3ErrorCode.METADATA_TOO_LARGE)
                    .with("Size", Integer.toString(bytes))
                    .with("MaxSizeAllowed", Integer.toString(MAX_METADATA_BYTES));
        }
        return items;
    }

    /** Nothing that asks for protection may succeed without it; encryption is looked at where bytes are stored. */
    private static void refuseUnsupported(Headers headers) {
        for (String name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-grant-")) {
                throw new S3Exception(S3ErrorCode.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
            }
        }
        CannedAcl.check(headers);
    }

    /** All attributes of the object. @param facts of its content */
    public List<MetadataItem> attributes(ContentFacts facts) {
        List<MetadataItem> all = new ArrayList<>(attributes);
        if (facts.any()) {
            all.add(Attributes.item(Attributes.CONTENT, facts.encode()));
        }
        if (tags != null && tags.size() > 0) {
            all.add(Attributes.item(Attributes.TAGS, encode(tags)));
        }
        return all;
    }

    /** Tags as they stand in a header and an attribute. */
    public static String encode(Tags tags) {
        return tags.tags().entrySet().stream()
                .map(tag ->
                        PercentCoding.encode(tag.getKey(), false) + "=" + PercentCoding.encode(tag.getValue(), false))
                .collect(Collectors.joining("&"));
    }

    /** What is known of a body that was sent at once. */
    public static ContentFacts facts(BodyDigests digests) {
        return new ContentFacts(
                digests.size(),
                Optional.empty(),
                digests.algorithm()
                        .map(algorithm -> new ContentFacts.Checksum(
                                algorithm,
                                ChecksumType.FULL_OBJECT,
                                digests.checksumBase64().orElseThrow())),
                List.of());
    }

    /** The MD5 as it is kept with the entry. */
    public static List<Digest> md5(byte[] md5) {
        return List.of(Digest.newBuilder()
                .setAlgorithm(StoredObject.MD5)
                .setValue(ByteString.copyFrom(md5))
                .build());
    }
}
