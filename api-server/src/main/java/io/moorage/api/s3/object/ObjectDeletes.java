package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.Precondition;
import java.util.Optional;

/** DeleteObject. Thread-safe. */
public final class ObjectDeletes {
    /** What a delete did. @param version that was removed, or the marker that was made; @param marker whether it is a delete marker */
    public record Deleted(Optional<String> version, Optional<String> markerVersion, boolean marker) {}

    public void delete(S3Exchange exchange, Bucket bucket) {
        Deleted deleted = delete(
                bucket,
                exchange.key(),
                exchange.query("versionId"),
                WriteConditions.of(exchange.head().headers()),
                bypassesGovernance(exchange),
                exchange.call());
        deleted.version().or(deleted::markerVersion).ifPresent(version -> exchange.answer("x-amz-version-id", version));
        if (deleted.marker()) {
            exchange.answer("x-amz-delete-marker", "true");
        }
        exchange.answer(204);
    }

    /** Whether the request asks for it; that the caller may was checked before. */
    public static boolean bypassesGovernance(S3Exchange exchange) {
        return exchange.header("x-amz-bypass-governance-retention")
                .filter(value -> value.equalsIgnoreCase("true"))
                .isPresent();
    }

    /**
     * Deletes an object, or one version of it for good. What is not there is no error.
     *
     * @throws io.moorage.api.s3.errors.S3Exception PreconditionFailed
     * @throws MoorageException LOCKED
     */
    public static Deleted delete(
            Bucket bucket,
            String key,
            Optional<String> versionId,
            WriteConditions conditions,
            boolean bypassGovernance,
            CallOptions call) {
        String entryKey = bucket.entryKey(key);
        if (versionId.isPresent()) {
            EntryChange change = bucket.store()
                    .versions()
                    .deleteVersion(entryKey, ObjectLookup.selector(versionId), bypassGovernance, call);
            boolean marker =
                    change.getReplaced() && change.getPrevious().getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER;
            return new Deleted(versionId, marker ? versionId : Optional.empty(), marker);
        }
        Precondition precondition = ObjectLookup.precondition(bucket, key, conditions, call);
        EntryChange change;
        try {
            change = key.endsWith("/")
                    ? bucket.store().versions().deleteDirectoryMarker(entryKey, precondition, call)
                    : bucket.store().delete(entryKey, precondition, call);
        } catch (MoorageException e) {
            throw ObjectWrites.conflict(e, conditions);
        }
        if (!change.hasDeleteMarker()) {
            return new Deleted(Optional.empty(), Optional.empty(), false);
        }
        return new Deleted(Optional.empty(), Optional.of(StoredObject.versionId(change.getDeleteMarker())), true);
    }
}
