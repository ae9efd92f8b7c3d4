package io.moorage.api.s3.xml;

import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.lock.Retention;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.tagging.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Answers about objects. */
public final class ObjectAnswers {
    private ObjectAnswers() {}

    /** CopyObjectResult. @param etag without quotes */
    public static XmlDocument copied(Instant lastModified, String etag, Optional<MultipartAnswers.Checksum> checksum) {
        return xml -> xml.root("CopyObjectResult", () -> copy(xml, lastModified, etag, checksum));
    }

    /** CopyPartResult. @param etag without quotes */
    public static XmlDocument partCopied(
            Instant lastModified, String etag, Optional<MultipartAnswers.Checksum> checksum) {
        return xml -> xml.root("CopyPartResult", () -> copy(xml, lastModified, etag, checksum));
    }

    private static void copy(
            XmlWriter xml, Instant lastModified, String etag, Optional<MultipartAnswers.Checksum> checksum) {
        xml.text("LastModified", HttpDates.document(lastModified));
        xml.text("ETag", Listing.quoted(etag));
        checksum.ifPresent(value -> value.write(xml));
    }

    /**
     * What became of one object of a Delete.
     *
     * @param version that was named
     * @param markerVersion of the delete marker that was made or removed
     * @param error why it is still there
     */
    public record Deleted(
            String key,
            Optional<String> version,
            boolean deleteMarker,
            Optional<String> markerVersion,
            Optional<S3Exception> error) {}

    /** DeleteResult. @param quiet only errors */
    public static XmlDocument deleted(List<Deleted> results, boolean quiet) {
        return xml -> xml.root(
                "DeleteResult",
                () -> results.forEach(result -> {
                    if (result.error().isPresent()) {
                        S3Exception error = result.error().get();
                        xml.element("Error", () -> {
                            xml.text("Key", result.key());
                            xml.optional("VersionId", result.version());
                            xml.text("Code", error.code().code());
                            xml.text("Message", error.getMessage());
                        });
                    } else if (!quiet) {
                        xml.element("Deleted", () -> {
                            xml.text("Key", result.key());
                            xml.optional("VersionId", result.version());
                            if (result.deleteMarker()) {
                                xml.text("DeleteMarker", true);
                                xml.optional("DeleteMarkerVersionId", result.markerVersion());
                            }
                        });
                    }
                }));
    }

    /** Tagging, of an object or a bucket. */
    public static XmlDocument tagging(Tags tags) {
        return xml -> xml.root(
                "Tagging",
                () -> xml.element(
                        "TagSet",
                        () -> tags.tags()
                                .forEach((key, value) -> xml.element("Tag", () -> {
                                    xml.text("Key", key);
                                    xml.text("Value", value);
                                }))));
    }

    /** Retention. */
    public static XmlDocument retention(Retention retention) {
        return xml -> xml.root("Retention", () -> {
            xml.text("Mode", retention.mode());
            xml.text("RetainUntilDate", HttpDates.document(retention.until()));
        });
    }

    /** LegalHold. */
    public static XmlDocument legalHold(boolean on) {
        return xml -> xml.root("LegalHold", () -> xml.text("Status", on ? "ON" : "OFF"));
    }

    /**
     * What GetObjectAttributes was asked for; what is empty is left out.
     *
     * @param etag without quotes
     * @param parts of a multipart object
     */
    public record Attributes(
            Optional<String> etag,
            Optional<MultipartAnswers.Checksum> checksum,
            Optional<Parts> parts,
            Optional<String> storageClass,
            Optional<Long> size)
            implements XmlDocument {

        @Override
        public void write(XmlWriter xml) {
            xml.root("GetObjectAttributesResponse", () -> {
                xml.optional("ETag", etag);
                checksum.ifPresent(value -> xml.element("Checksum", () -> value.write(xml)));
                parts.ifPresent(page -> xml.element("ObjectParts", () -> {
                    xml.text("PartsCount", page.total());
                    xml.text("PartNumberMarker", page.marker());
                    xml.optional("NextPartNumberMarker", page.nextMarker());
                    xml.text("MaxParts", page.maxParts());
                    xml.text("IsTruncated", page.nextMarker().isPresent());
                    page.parts()
                            .forEach(part -> xml.element("Part", () -> {
                                xml.text("PartNumber", part.number());
                                xml.text("Size", part.size());
                                part.checksum().ifPresent(value -> value.write(xml));
                            }));
                }));
                xml.optional("StorageClass", storageClass);
                xml.optional("ObjectSize", size);
            });
        }
    }

    /** @param nextMarker if there are more */
    public record Parts(
            int total, int marker, Optional<Integer> nextMarker, int maxParts, List<MultipartAnswers.PartItem> parts) {}

    /** PostResponse, for POST forms with success_action_status 201. @param etag without quotes */
    public static XmlDocument posted(String location, String bucket, String key, String etag) {
        return xml -> xml.element("PostResponse", () -> {
            xml.text("Location", location);
            xml.text("Bucket", bucket);
            xml.text("Key", key);
            xml.text("ETag", Listing.quoted(etag));
        });
    }
}
