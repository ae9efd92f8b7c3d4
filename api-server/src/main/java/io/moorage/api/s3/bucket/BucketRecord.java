package io.moorage.api.s3.bucket;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the `system` volume says of a bucket, as JSON under `s3/buckets/{name}`. Immutable.
 *
 * @param volume where it is: the top-level directory of its name
 * @param owner the user who made it
 * @param location the region that it was asked to be in
 * @param objectLock whether versions can be locked; once true, always
 * @param versioning "" (never asked for), Enabled or Suspended
 * @param settings documents that were put as subresources, by their names, as they are given back
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BucketRecord(
        String volume,
        String owner,
        String location,
        long createdAtMs,
        boolean objectLock,
        String versioning,
        Map<String, String> settings) {
    public static final String ENABLED = "Enabled";
    public static final String SUSPENDED = "Suspended";

    public BucketRecord {
        versioning = versioning == null ? "" : versioning;
        settings = settings == null ? Map.of() : Map.copyOf(settings);
    }

    /** @param document null: without it */
    BucketRecord withSetting(String name, String document) {
        Map<String, String> changed = new TreeMap<>(settings);
        if (document == null) {
            changed.remove(name);
        } else {
            changed.put(name, document);
        }
        return new BucketRecord(volume, owner, location, createdAtMs, objectLock, versioning, changed);
    }

    BucketRecord withVersioning(String state) {
        return new BucketRecord(volume, owner, location, createdAtMs, objectLock, state, settings);
    }

    BucketRecord withObjectLock() {
        return new BucketRecord(volume, owner, location, createdAtMs, true, versioning, settings);
    }
}
