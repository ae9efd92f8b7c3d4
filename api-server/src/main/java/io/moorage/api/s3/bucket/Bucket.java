package io.moorage.api.s3.bucket;

import io.moorage.api.files.Volumes;
import io.moorage.api.http.Problem;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.client.VolumeStore;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A bucket as it was when it was looked up. Immutable. */
public final class Bucket {
    private final String name;
    private final BucketRecord record;
    private final Volumes volumes;
    /** Settings as they were parsed. */
    private final ConcurrentHashMap<String, Object> parsed = new ConcurrentHashMap<>();

    Bucket(String name, BucketRecord record, Volumes volumes) {
        this.name = name;
        this.record = record;
        this.volumes = volumes;
    }

    public String name() {
        return name;
    }

    public BucketRecord record() {
        return record;
    }

    /** Where its entries are. @throws S3Exception NoSuchBucket if the volume was deleted */
    public VolumeStore store() {
        try {
            return volumes.store(record.volume());
        } catch (Problem e) {
            throw new S3Exception(
                            S3ErrorCode.NO_SUCH_BUCKET, "The volume of the bucket, '" + record.volume() + "', is gone.")
                    .with("BucketName", name);
        }
    }

    /** The directory that it is, with its "/". */
    public String directory() {
        return name + "/";
    }

    /** The entry's key of an object's key. */
    public String entryKey(String key) {
        return directory() + key;
    }

    /** The object's key of an entry's key. */
    public String objectKey(String entryKey) {
        return entryKey.substring(name.length() + 1);
    }

    /** Whether objects are encrypted with a key of the cluster when nothing is said of it. */
    public boolean encryptedByDefault() {
        return record.settings().containsKey(Settings.ENCRYPTION);
    }

    /** Whether version ids are told: versioning is on, or was. */
    public boolean versioned() {
        return !record.versioning().isEmpty();
    }

    /** A setting's document. */
    public Optional<String> setting(String setting) {
        return Optional.ofNullable(record.settings().get(setting));
    }

    /** A setting, parsed once. */
    @SuppressWarnings("unchecked")
    public <T> Optional<T> setting(String setting, Function<String, T> parser) {
        return setting(setting).map(document -> (T) parsed.computeIfAbsent(setting, ignored -> parser.apply(document)));
    }
}
