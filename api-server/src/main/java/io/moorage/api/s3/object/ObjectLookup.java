package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.VersionedStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.VersionSelector;
import java.time.Instant;
import java.util.Optional;

/** Finds objects and their versions. Thread-safe. */
public final class ObjectLookup {
    private ObjectLookup() {}

    /** @throws S3Exception InvalidArgument for what can be no version id */
    public static VersionSelector selector(Optional<String> versionId) {
        if (versionId.isEmpty()) {
            return VersionedStore.newest();
        }
        String id = versionId.get();
        if (id.equals(StoredObject.NULL_VERSION)) {
            return VersionedStore.nullVersion();
        }
        if (!id.matches("[0-9]{1,19}")) {
            throw S3Exception.invalidArgument("Invalid version id specified", "versionId", id);
        }
        try {
            return VersionedStore.version(Long.parseUnsignedLong(id));
        } catch (NumberFormatException e) {
            throw S3Exception.invalidArgument("Invalid version id specified", "versionId", id);
        }
    }

    /**
     * The object, without its extents.
     *
     * @throws S3Exception NoSuchKey, NoSuchVersion; MethodNotAllowed if the version is a delete marker
     */
    public static StoredObject require(Bucket bucket, String key, Optional<String> versionId, CallOptions call) {
        VersionedStore.Found found = bucket.store().versions().find(bucket.entryKey(key), selector(versionId), call);
        Entry entry = found.entry()
                .filter(ObjectLookup::isObject)
                .orElseThrow(() -> missing(bucket, key, versionId, found.deleteMarker()));
        return checked(new StoredObject(entry));
    }

    /**
     * The object, open for reading.
     *
     * @throws S3Exception as {@link #require}
     */
    public static EntryReader open(Bucket bucket, String key, Optional<String> versionId, CallOptions call) {
        VersionedStore versions = bucket.store().versions();
        VersionSelector selector = selector(versionId);
        Optional<EntryReader> reader = versions.open(bucket.entryKey(key), selector, call);
        if (reader.isEmpty() || !isObject(reader.get().entry())) {
            reader.ifPresent(EntryReader::close);
            throw missing(
                    bucket,
                    key,
                    versionId,
                    versions.find(bucket.entryKey(key), selector, call).deleteMarker());
        }
        checked(new StoredObject(reader.get().entry()));
        return reader.get();
    }

    /** A directory that is there only because something is below it is no object. */
    private static boolean isObject(Entry entry) {
        return entry.getKind() != EntryKind.ENTRY_KIND_DIRECTORY || entry.getVersion() != 0;
    }

    private static StoredObject checked(StoredObject object) {
        if (object.isDeleteMarker()) {
            throw new S3Exception(S3ErrorCode.METHOD_NOT_ALLOWED)
                    .with("Method", "GET")
                    .with("ResourceType", "DeleteMarker")
                    .header("x-amz-delete-marker", "true")
                    .header("x-amz-version-id", StoredObject.versionId(object.entry()))
                    .header("Last-Modified", HttpDates.header(object.lastModified()))
                    .header("Allow", "DELETE");
        }
        return object;
    }

    private static S3Exception missing(
            Bucket bucket, String key, Optional<String> versionId, Optional<Entry> deleteMarker) {
        if (versionId.isPresent()) {
            return new S3Exception(S3ErrorCode.NO_SUCH_VERSION).with("Key", key).with("VersionId", versionId.get());
        }
        S3Exception missing = new S3Exception(S3ErrorCode.NO_SUCH_KEY).with("Key", key);
        if (deleteMarker.isPresent()) {
            missing.header("x-amz-delete-marker", "true");
            StoredObject.versionId(bucket, deleteMarker.get()).ifPresent(id -> missing.header("x-amz-version-id", id));
        }
        return missing;
    }

    /**
     * Conditions of a write, as the store decides them when it applies it. Entity tags are of S3 alone, so that they are compared
     * here, and the store is told of which version that was true.
     *
     * @throws S3Exception PreconditionFailed, NoSuchKey (If-Match of what does not exist)
     */
    public static Precondition precondition(Bucket bucket, String key, WriteConditions conditions, CallOptions call) {
        Precondition.Builder precondition = Precondition.newBuilder();
        if (conditions.mustNotExist()) {
            return precondition.setMustNotExist(true).build();
        }
        if (conditions.ifMatch().isEmpty()) {
            return precondition.build();
        }
        StoredObject there = require(bucket, key, Optional.empty(), call);
        String wanted = conditions.ifMatch().get();
        if (!wanted.equals("*") && !wanted.equals(there.etag())) {
            throw new S3Exception(S3ErrorCode.PRECONDITION_FAILED).with("Condition", "If-Match");
        }
        return wanted.equals("*")
                ? precondition.setMustExist(true).build()
                : precondition.addVersionAnyOf(there.entry().getVersion()).build();
    }

    /** The time, for what a request says about the future. */
    static Instant now() {
        return Instant.now();
    }
}
