package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How bytes are compressed before they are replicated. */
public enum Compression {
    /** Not at all. */
    @JsonProperty("None")
    NONE,
    /** Fast. */
    @JsonProperty("Lz4")
    LZ4,
    /** Smaller, and slower. */
    @JsonProperty("Zstd")
    ZSTD
}
