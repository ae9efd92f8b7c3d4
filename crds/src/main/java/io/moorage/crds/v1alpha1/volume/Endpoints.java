package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Where a volume is reached. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Endpoints(
        @JsonPropertyDescription("URL of its files.") String rest,

        @JsonPropertyDescription("URL of the S3 service that its buckets are in; absent while there is none.")
        String s3) {}
