package io.moorage.api.s3.xml;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.request.HttpDates;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Answers about multipart uploads. */
public final class MultipartAnswers {
    private MultipartAnswers() {}

    /** InitiateMultipartUploadResult. */
    public static XmlDocument initiated(String bucket, String key, String uploadId) {
        return xml -> xml.root("InitiateMultipartUploadResult", () -> {
            xml.text("Bucket", bucket);
            xml.text("Key", key);
            xml.text("UploadId", uploadId);
        });
    }

    /**
     * CompleteMultipartUploadResult.
     *
     * @param location URL of the object
     * @param etag without quotes
     */
    public static XmlDocument completed(
            String location, String bucket, String key, String etag, Optional<Checksum> checksum) {
        return xml -> xml.root("CompleteMultipartUploadResult", () -> {
            xml.text("Location", location);
            xml.text("Bucket", bucket);
            xml.text("Key", key);
            xml.text("ETag", Listing.quoted(etag));
            checksum.ifPresent(value -> value.write(xml));
        });
    }

    /** @param value in base64, perhaps with a dash and the number of parts */
    public record Checksum(ChecksumAlgorithm algorithm, String value, Optional<ChecksumType> type) {
        void write(XmlWriter xml) {
            xml.text(algorithm.element(), value);
            xml.optional("ChecksumType", type);
        }
    }

    /** @param size bytes */
    public record PartItem(int number, Instant lastModified, String etag, long size, Optional<Checksum> checksum) {}

    /** @param nextPartNumberMarker if it is truncated */
    public record PartPage(
            String bucket,
            String key,
            String uploadId,
            Owner owner,
            String storageClass,
            int partNumberMarker,
            Optional<Integer> nextPartNumberMarker,
            int maxParts,
            boolean urlEncoded,
            Optional<ChecksumAlgorithm> checksum,
            Optional<ChecksumType> checksumType,
            List<PartItem> parts)
            implements XmlDocument {

        @Override
        public void write(XmlWriter xml) {
            xml.root("ListPartsResult", () -> {
                xml.text("Bucket", bucket);
                xml.text("Key", Listing.encoded(key, urlEncoded));
                xml.text("UploadId", uploadId);
                owner.write(xml, "Initiator");
                owner.write(xml, "Owner");
                xml.text("StorageClass", storageClass);
                xml.text("PartNumberMarker", partNumberMarker);
                xml.optional("NextPartNumberMarker", nextPartNumberMarker);
                xml.text("MaxParts", maxParts);
                xml.text("IsTruncated", nextPartNumberMarker.isPresent());
                xml.optional("ChecksumAlgorithm", checksum);
                xml.optional("ChecksumType", checksumType);
                parts.forEach(part -> xml.element("Part", () -> {
                    xml.text("PartNumber", part.number());
                    xml.text("LastModified", HttpDates.document(part.lastModified()));
                    xml.text("ETag", Listing.quoted(part.etag()));
                    part.checksum().ifPresent(value -> value.write(xml));
                    xml.text("Size", part.size());
                }));
            });
        }
    }

    /** An unfinished upload. */
    public record UploadItem(
            String key,
            String uploadId,
            Owner owner,
            String storageClass,
            Instant initiated,
            Optional<ChecksumAlgorithm> checksum,
            Optional<ChecksumType> checksumType) {}

    /** @param nextKeyMarker and nextUploadIdMarker: empty if it is not truncated */
    public record UploadPage(
            String bucket,
            String keyMarker,
            String uploadIdMarker,
            String nextKeyMarker,
            String nextUploadIdMarker,
            String prefix,
            String delimiter,
            int maxUploads,
            boolean truncated,
            boolean urlEncoded,
            List<UploadItem> uploads,
            List<String> commonPrefixes)
            implements XmlDocument {

        @Override
        public void write(XmlWriter xml) {
            xml.root("ListMultipartUploadsResult", () -> {
                xml.text("Bucket", bucket);
                xml.text("KeyMarker", Listing.encoded(keyMarker, urlEncoded));
                xml.text("UploadIdMarker", uploadIdMarker);
                if (truncated) {
                    xml.text("NextKeyMarker", Listing.encoded(nextKeyMarker, urlEncoded));
                    xml.text("NextUploadIdMarker", nextUploadIdMarker);
                }
                xml.text("Prefix", Listing.encoded(prefix, urlEncoded));
                if (!delimiter.isEmpty()) {
                    xml.text("Delimiter", Listing.encoded(delimiter, urlEncoded));
                }
                if (urlEncoded) {
                    xml.text("EncodingType", "url");
                }
                xml.text("MaxUploads", maxUploads);
                xml.text("IsTruncated", truncated);
                uploads.forEach(upload -> xml.element("Upload", () -> {
                    xml.text("Key", Listing.encoded(upload.key(), urlEncoded));
                    xml.text("UploadId", upload.uploadId());
                    upload.owner().write(xml, "Initiator");
                    upload.owner().write(xml, "Owner");
                    xml.text("StorageClass", upload.storageClass());
                    xml.text("Initiated", HttpDates.document(upload.initiated()));
                    xml.optional("ChecksumAlgorithm", upload.checksum());
                    xml.optional("ChecksumType", upload.checksumType());
                }));
                Listing.prefixes(xml, commonPrefixes, urlEncoded);
            });
        }
    }
}
