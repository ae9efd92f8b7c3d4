package io.moorage.api.s3.listing;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.api.s3.xml.Listing;
import io.moorage.client.VersionListing;
import io.moorage.client.VersionedStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryVersion;
import io.moorage.protocol.v1.ListVersionsResponse;
import java.util.List;
import java.util.Optional;

/** ListObjectVersions. Thread-safe. */
public final class VersionLists {

    public void list(S3Exchange exchange, Bucket bucket) {
        ListParameters parameters = ListParameters.of(exchange, "max-keys");
        String keyMarker = exchange.query("key-marker").orElse("");
        String versionMarker = exchange.query("version-id-marker").orElse("");
        if (!versionMarker.isEmpty() && keyMarker.isEmpty()) {
            throw S3Exception.invalidArgument(
                    "A version-id marker cannot be specified without a key marker.",
                    "version-id-marker",
                    versionMarker);
        }
        ListVersionsResponse page = parameters.maxKeys() == 0
                ? ListVersionsResponse.getDefaultInstance()
                : bucket.store()
                        .versions()
                        .listVersions(
                                new VersionListing(
                                        bucket.entryKey(parameters.prefix()),
                                        parameters.delimiter(),
                                        bucket.entryKey(keyMarker),
                                        number(exchange, bucket, keyMarker, versionMarker),
                                        parameters.maxKeys()),
                                exchange.call());
        exchange.answer(200, answer(bucket, parameters, keyMarker, versionMarker, page));
    }

    /** The version after which the page begins. */
    private static long number(S3Exchange exchange, Bucket bucket, String key, String id) {
        if (id.isEmpty()) {
            return 0;
        }
        if (id.equals(StoredObject.NULL_VERSION)) {
            return bucket.store()
                    .versions()
                    .find(bucket.entryKey(key), VersionedStore.nullVersion(), exchange.call())
                    .entry()
                    .map(Entry::getVersion)
                    .orElse(0L);
        }
        if (!id.matches("\\d{1,18}")) {
            throw S3Exception.invalidArgument("Invalid version id specified", "version-id-marker", id);
        }
        return Long.parseLong(id);
    }

    private static Listing.VersionPage answer(
            Bucket bucket,
            ListParameters parameters,
            String keyMarker,
            String versionMarker,
            ListVersionsResponse page) {
        List<Listing.VersionItem> versions = page.getVersionsList().stream()
                .map(version -> item(bucket, version))
                .toList();
        String nextVersion = "";
        if (page.getTruncated() && page.getNextVersionMarker() != 0) {
            nextVersion = page.getVersionsList().stream()
                    .map(EntryVersion::getEntry)
                    .filter(entry -> entry.getVersion() == page.getNextVersionMarker())
                    .findFirst()
                    .map(StoredObject::versionId)
                    .orElse(Long.toUnsignedString(page.getNextVersionMarker()));
        }
        return new Listing.VersionPage(
                bucket.name(),
                parameters.prefix(),
                parameters.delimiter(),
                keyMarker,
                versionMarker,
                page.getTruncated() ? bucket.objectKey(page.getNextKeyMarker()) : "",
                nextVersion,
                parameters.maxKeys(),
                page.getTruncated(),
                parameters.urlEncoded(),
                versions,
                page.getCommonPrefixesList().stream().map(bucket::objectKey).toList());
    }

    private static Listing.VersionItem item(Bucket bucket, EntryVersion version) {
        Entry entry = version.getEntry();
        return new Listing.VersionItem(
                ObjectLists.item(bucket.objectKey(entry.getKey()), entry, Optional.empty()),
                StoredObject.versionId(entry),
                version.getLatest(),
                new StoredObject(entry).isDeleteMarker(),
                ObjectLists.owner(bucket));
    }
}
