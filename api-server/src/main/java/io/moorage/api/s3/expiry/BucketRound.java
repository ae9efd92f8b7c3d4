package io.moorage.api.s3.expiry;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.Lifecycles;
import io.moorage.api.s3.lifecycle.LifecycleEvaluation;
import io.moorage.api.s3.multipart.MultipartUploads;
import io.moorage.api.s3.multipart.UploadLists;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VersionListing;
import io.moorage.client.VersionedStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryVersion;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One bucket, once. Not thread-safe. */
final class BucketRound {
    private static final int PAGE = 1000;
    /** Unfinished uploads that no rule speaks of stay so long at least. */
    private static final int DAYS_OF_FORGOTTEN_UPLOADS = 30;

    private static final CallOptions CALL = CallOptions.DEFAULT;

    private final Bucket bucket;
    private final Optional<LifecycleEvaluation> rules;
    private final Duration day;
    private final Instant now;
    private long removed;

    BucketRound(Bucket bucket, Lifecycles lifecycles, Instant now) {
        this.bucket = bucket;
        this.rules = lifecycles.of(bucket);
        this.day = lifecycles.day();
        this.now = now;
    }

    /** @return how many versions and uploads it took away */
    long run() {
        uploads();
        rules.ifPresent(this::versions);
        return removed;
    }

    private void uploads() {
        UploadLists.walk(bucket, "", "", "", "", CALL, found -> {
            Instant at = rules.<LifecycleEvaluation.Expiry>flatMap(it -> it.abort(found.key(), found.initiated()))
                    .map(LifecycleEvaluation.Expiry::at)
                    .orElse(found.initiated().plus(day.multipliedBy(DAYS_OF_FORGOTTEN_UPLOADS)));
            if (!now.isBefore(at)) {
                MultipartUploads.abort(bucket, found.key(), found.id(), CALL);
                removed++;
            }
            return true;
        });
    }

    /** Goes through all versions; those of a key come together, the newest first. */
    private void versions(LifecycleEvaluation evaluation) {
        String keyMarker = bucket.directory();
        long versionMarker = 0;
        List<EntryVersion> ofKey = new ArrayList<>();
        ListVersionsResponse page;
        do {
            page = bucket.store()
                    .versions()
                    .listVersions(new VersionListing(bucket.directory(), "", keyMarker, versionMarker, PAGE), CALL);
            for (EntryVersion version : page.getVersionsList()) {
                if (!ofKey.isEmpty()
                        && !ofKey.get(0)
                                .getEntry()
                                .getKey()
                                .equals(version.getEntry().getKey())) {
                    key(evaluation, ofKey);
                    ofKey.clear();
                }
                // Of a key with very many versions the oldest wait until those before them are gone.
                if (ofKey.size() < PAGE * 10) {
                    ofKey.add(version);
                }
            }
            keyMarker = page.getNextKeyMarker();
            versionMarker = page.getNextVersionMarker();
        } while (page.getTruncated());
        if (!ofKey.isEmpty()) {
            key(evaluation, ofKey);
        }
    }

    private void key(LifecycleEvaluation evaluation, List<EntryVersion> versions) {
        int noncurrent = 0;
        int left = versions.size();
        for (EntryVersion version : versions) {
            if (!version.getLatest()) {
                StoredObject object = object(version);
                if (evaluation.expiresNoncurrent(object.forLifecycle(key(version)), noncurrent, now)
                        && removeVersion(version.getEntry())) {
                    left--;
                } else {
                    noncurrent++;
                }
            }
        }
        EntryVersion newest = versions.get(0);
        if (!newest.getLatest()) {
            return;
        }
        StoredObject current = object(newest);
        if (current.isDeleteMarker()) {
            if (left == 1 && evaluation.removesLoneMarker(current.forLifecycle(key(newest)), now)) {
                removeVersion(newest.getEntry());
            }
        } else if (evaluation.expires(current.forLifecycle(key(newest)), now)) {
            delete(newest.getEntry());
        }
    }

    private static StoredObject object(EntryVersion version) {
        return new StoredObject(version.getEntry());
    }

    private String key(EntryVersion version) {
        return bucket.objectKey(version.getEntry().getKey());
    }

    /** As a client would delete it: where versions are kept, it leaves a marker. Only what was looked at is deleted. */
    private void delete(Entry entry) {
        Precondition same =
                Precondition.newBuilder().addVersionAnyOf(entry.getVersion()).build();
        attempt(() -> {
            if (entry.getKey().endsWith("/")) {
                bucket.store().versions().deleteDirectoryMarker(entry.getKey(), same, CALL);
            } else {
                bucket.store().delete(entry.getKey(), same, CALL);
            }
        });
    }

    private boolean removeVersion(Entry entry) {
        return attempt(() -> bucket.store()
                .versions()
                .deleteVersion(entry.getKey(), VersionedStore.version(entry.getVersion()), false, CALL));
    }

    /** What is locked, or was replaced meanwhile, stays. */
    private boolean attempt(Runnable deletion) {
        try {
            deletion.run();
            removed++;
            return true;
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_LOCKED || e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                return false;
            }
            throw e;
        }
    }
}
