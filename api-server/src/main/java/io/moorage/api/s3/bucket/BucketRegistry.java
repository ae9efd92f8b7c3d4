package io.moorage.api.s3.bucket;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.moorage.api.files.Volumes;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.system.SystemRecords;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which buckets there are. Their names are unique in the cluster. What this server looked up is believed for two seconds, and for
 * longer while the `system` volume cannot be asked: so long may another server's change of a setting take to be seen here.
 * Thread-safe.
 */
public final class BucketRegistry {
    private static final Duration BELIEVED_FOR = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 5;
    private static final int PAGE = 1000;

    private final SystemRecords<BucketRecord> records;
    private final Cache<String, Optional<Bucket>> fresh = Caffeine.newBuilder()
            .expireAfterWrite(BELIEVED_FOR)
            .maximumSize(10_000)
            .build();
    private final Cache<String, Bucket> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    private final Volumes volumes;

    public BucketRegistry(Volumes volumes) {
        this.volumes = volumes;
        this.records = new SystemRecords<>(volumes::system, "s3/buckets/", BucketRecord.class);
    }

    /** @throws S3Exception NoSuchBucket */
    public Bucket require(String name) {
        return find(name).orElseThrow(() -> new S3Exception(S3ErrorCode.NO_SUCH_BUCKET).with("BucketName", name));
    }

    /** As it was at most two seconds ago. */
    public Optional<Bucket> find(String name) {
        if (!io.moorage.api.s3.request.BucketNames.valid(name)) {
            return Optional.empty();
        }
        Optional<Bucket> cached = fresh.getIfPresent(name);
        if (cached != null) {
            return cached;
        }
        try {
            Optional<Bucket> found = records.get(name).map(record -> bucket(name, record.value()));
            remember(name, found);
            return found;
        } catch (MoorageException e) {
            Bucket stale = known.getIfPresent(name);
            if (stale == null) {
                throw e;
            }
            return Optional.of(stale);
        }
    }

    /**
     * Names of buckets, in order.
     *
     * @param limit 1 to 1000
     */
    public SystemRecords.Page names(String prefix, String after, int limit) {
        return records.names(prefix, after, limit);
    }

    /** Of all buckets. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        SystemRecords.Page page;
        String after = "";
        do {
            page = records.names("", after, PAGE);
            names.addAll(page.names());
            after = names.isEmpty() ? "" : names.get(names.size() - 1);
        } while (page.truncated());
        return names;
    }

    Volumes volumes() {
        return volumes;
    }

    /** As it is now. */
    Optional<Bucket> findNow(String name) {
        fresh.invalidate(name);
        return find(name);
    }

    /** @return false: there is one of that name */
    boolean add(String name, BucketRecord record) {
        try {
            records.put(name, record, 0);
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                fresh.invalidate(name);
                return false;
            }
            throw e;
        }
        remember(name, Optional.of(bucket(name, record)));
        return true;
    }

    /**
     * Changes a record, again if somebody else changes it at the same time.
     *
     * @throws S3Exception NoSuchBucket; OperationAborted if others are always faster
     */
    void change(String name, UnaryOperator<BucketRecord> change) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            SystemRecords.Versioned<BucketRecord> there = records.get(name)
                    .orElseThrow(() -> new S3Exception(S3ErrorCode.NO_SUCH_BUCKET).with("BucketName", name));
            BucketRecord changed = change.apply(there.value());
            try {
                records.put(name, changed, there.version());
                remember(name, Optional.of(bucket(name, changed)));
                return;
            } catch (MoorageException e) {
                if (e.code() != ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                    throw e;
                }
            }
        }
        throw new S3Exception(S3ErrorCode.OPERATION_ABORTED);
    }

    void remove(String name) {
        records.get(name).ifPresent(record -> records.delete(name, record.version()));
        remember(name, Optional.empty());
    }

    private Bucket bucket(String name, BucketRecord record) {
        return new Bucket(name, record, volumes);
    }

    private void remember(String name, Optional<Bucket> bucket) {
        fresh.put(name, bucket);
        bucket.ifPresentOrElse(it -> known.put(name, it), () -> known.invalidate(name));
    }
}
