package io.moorage.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A bucket of an S3-compatible object store outside of the cluster. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ObjectStore(
        @JsonPropertyDescription("URL of the object store. Left out: AWS.")
        @Size(min = 1, max = 512)
        @Pattern("^https?://[!-~]+$")
        String endpoint,

        @JsonPropertyDescription("Region of the bucket, where the object store wants one.") @Size(min = 1, max = 64)
        String region,

        @JsonPropertyDescription("Name of the bucket. It must exist.")
        @Required
        @Size(min = 3, max = 63)
        @Pattern("^[a-z0-9][a-z0-9.-]*[a-z0-9]$")
        String bucket,

        @JsonPropertyDescription("Put before the name of every object, such as moorage/production/.") @Size(max = 512)
        String prefix,

        @JsonPropertyDescription("Secret with the keys accessKeyId and secretAccessKey.") @Required
        Reference credentialsSecretRef) {}
