package io.moorage.api.s3.xml;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.request.PercentCoding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lists of objects and versions. */
public final class Listing {
    private Listing() {}

    /**
     * @param etag without quotes
     * @param size bytes
     * @param owner empty: not asked for
     */
    public record ObjectItem(
            String key,
            Instant lastModified,
            String etag,
            long size,
            String storageClass,
            Optional<Owner> owner,
            Optional<ChecksumAlgorithm> checksum,
            Optional<ChecksumType> checksumType) {}

    /**
     * What lists of both versions have in common.
     *
     * @param delimiter empty: none
     * @param urlEncoded encoding-type=url: names are percent-encoded
     */
    public record Page(
            String bucket,
            String prefix,
            String delimiter,
            int maxKeys,
            boolean truncated,
            boolean urlEncoded,
            List<ObjectItem> objects,
            List<String> commonPrefixes) {

        private String name(String text) {
            return encoded(text, urlEncoded);
        }

        private void head(XmlWriter xml) {
            xml.text("Name", bucket);
            xml.text("Prefix", name(prefix));
        }

        private void tail(XmlWriter xml) {
            if (!delimiter.isEmpty()) {
                xml.text("Delimiter", name(delimiter));
            }
            xml.text("MaxKeys", maxKeys);
            if (urlEncoded) {
                xml.text("EncodingType", "url");
            }
            xml.text("IsTruncated", truncated);
            objects.forEach(object -> xml.element("Contents", () -> write(xml, object)));
            prefixes(xml, commonPrefixes, urlEncoded);
        }

        private void write(XmlWriter xml, ObjectItem object) {
            xml.text("Key", name(object.key()));
            xml.text("LastModified", HttpDates.document(object.lastModified()));
            xml.text("ETag", quoted(object.etag()));
            xml.optional("ChecksumAlgorithm", object.checksum());
            xml.optional("ChecksumType", object.checksumType());
            xml.text("Size", object.size());
            object.owner().ifPresent(owner -> owner.write(xml, "Owner"));
            xml.text("StorageClass", object.storageClass());
        }
    }

    /**
     * ListBucketResult of ListObjects.
     *
     * @param nextMarker empty: not truncated, or no delimiter was given
     */
    public static XmlDocument objects(Page page, String marker, String nextMarker) {
        return xml -> xml.root("ListBucketResult", () -> {
            page.head(xml);
            xml.text("Marker", page.name(marker));
            if (!nextMarker.isEmpty()) {
                xml.text("NextMarker", page.name(nextMarker));
            }
            page.tail(xml);
        });
    }

    /**
     * ListBucketResult of ListObjectsV2.
     *
     * @param continuationToken that was sent
     * @param nextContinuationToken if it is truncated
     * @param startAfter that was sent; empty: none
     */
    public static XmlDocument objectsV2(
            Page page, Optional<String> continuationToken, Optional<String> nextContinuationToken, String startAfter) {
        return xml -> xml.root("ListBucketResult", () -> {
            page.head(xml);
            if (!startAfter.isEmpty()) {
                xml.text("StartAfter", page.name(startAfter));
            }
            xml.optional("ContinuationToken", continuationToken);
            xml.optional("NextContinuationToken", nextContinuationToken);
            xml.text("KeyCount", page.objects().size() + page.commonPrefixes().size());
            page.tail(xml);
        });
    }

    /**
     * @param versionId "null" for those without
     * @param deleteMarker then etag, size and storage class do not matter
     */
    public record VersionItem(ObjectItem object, String versionId, boolean latest, boolean deleteMarker, Owner owner) {}

    /** @param nextKeyMarker and nextVersionIdMarker: empty if it is not truncated */
    public record VersionPage(
            String bucket,
            String prefix,
            String delimiter,
            String keyMarker,
            String versionIdMarker,
            String nextKeyMarker,
            String nextVersionIdMarker,
            int maxKeys,
            boolean truncated,
            boolean urlEncoded,
            List<VersionItem> versions,
            List<String> commonPrefixes)
            implements XmlDocument {

        @Override
        public void write(XmlWriter xml) {
            xml.root("ListVersionsResult", () -> {
                xml.text("Name", bucket);
                xml.text("Prefix", encoded(prefix, urlEncoded));
                xml.text("KeyMarker", encoded(keyMarker, urlEncoded));
                xml.text("VersionIdMarker", versionIdMarker);
                if (truncated) {
                    xml.text("NextKeyMarker", encoded(nextKeyMarker, urlEncoded));
                    xml.text("NextVersionIdMarker", nextVersionIdMarker);
                }
                xml.text("MaxKeys", maxKeys);
                if (!delimiter.isEmpty()) {
                    xml.text("Delimiter", encoded(delimiter, urlEncoded));
                }
                if (urlEncoded) {
                    xml.text("EncodingType", "url");
                }
                xml.text("IsTruncated", truncated);
                versions.forEach(version ->
                        xml.element(version.deleteMarker() ? "DeleteMarker" : "Version", () -> write(xml, version)));
                prefixes(xml, commonPrefixes, urlEncoded);
            });
        }

        private void write(XmlWriter xml, VersionItem version) {
            ObjectItem object = version.object();
            xml.text("Key", encoded(object.key(), urlEncoded));
            xml.text("VersionId", version.versionId());
            xml.text("IsLatest", version.latest());
            xml.text("LastModified", HttpDates.document(object.lastModified()));
            if (!version.deleteMarker()) {
                xml.text("ETag", quoted(object.etag()));
                xml.optional("ChecksumAlgorithm", object.checksum());
                xml.optional("ChecksumType", object.checksumType());
                xml.text("Size", object.size());
                xml.text("StorageClass", object.storageClass());
            }
            version.owner().write(xml, "Owner");
        }
    }

    /** @param created when */
    public record BucketItem(String name, Instant created) {}

    /**
     * ListAllMyBucketsResult.
     *
     * @param prefix that was asked for; empty: none
     * @param continuationToken of the next page, if there is one
     */
    public static XmlDocument buckets(
            Owner owner, List<BucketItem> buckets, String prefix, Optional<String> continuationToken) {
        return xml -> xml.root("ListAllMyBucketsResult", () -> {
            owner.write(xml, "Owner");
            xml.element(
                    "Buckets",
                    () -> buckets.forEach(bucket -> xml.element("Bucket", () -> {
                        xml.text("Name", bucket.name());
                        xml.text("CreationDate", HttpDates.document(bucket.created()));
                    })));
            if (!prefix.isEmpty()) {
                xml.text("Prefix", prefix);
            }
            xml.optional("ContinuationToken", continuationToken);
        });
    }

    static void prefixes(XmlWriter xml, List<String> commonPrefixes, boolean urlEncoded) {
        commonPrefixes.forEach(prefix ->
                xml.element("CommonPrefixes", () -> xml.text("Prefix", encoded(prefix, urlEncoded))));
    }

    static String encoded(String text, boolean urlEncoded) {
        return urlEncoded ? PercentCoding.encode(text, true) : text;
    }

    static String quoted(String etag) {
        return "\"" + etag + "\"";
    }
}
