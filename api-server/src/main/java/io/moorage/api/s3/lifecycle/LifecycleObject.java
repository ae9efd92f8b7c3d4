package io.moorage.api.s3.lifecycle;

import java.time.Instant;
import java.util.Map;

/**
 * A version of an object, as rules see it.
 *
 * @param size bytes
 * @param since when it was written, or, of a noncurrent version, when it was replaced
 */
public record LifecycleObject(String key, long size, Map<String, String> tags, Instant since) {}
