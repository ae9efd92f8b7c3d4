package io.moorage.crds.v1alpha1.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Patterns;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** Who may do what with a cluster's volumes. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value =
                "has(self.secretName) == has(oldSelf.secretName) && (!has(self.secretName) || self.secretName == oldSelf.secretName)",
        message = "cannot be changed: make a new StorageUser",
        fieldPath = ".secretName",
        reason = "FieldValueForbidden")
public record StorageUserSpec(
        @JsonPropertyDescription("The StorageCluster that the user belongs to. Cannot be changed.")
        @Required
        @ValidationRule(
                value = Rules.IMMUTABLE,
                message = "cannot be changed: make a StorageUser for the other cluster")
        Reference clusterRef,

        @JsonPropertyDescription(
                "Name of the Secret that the operator writes accessKeyId, secretAccessKey and endpoint to. Left out: the name of this resource. Cannot be changed.")
        @Size(min = 1, max = 253)
        @Pattern(Patterns.DNS_SUBDOMAIN)
        String secretName,

        @JsonPropertyDescription("What the user may do. Left out: nothing.") @Size(max = 64)
        List<Grant> grants,

        @JsonPropertyDescription("All of the user's requests are refused while this is true; the keys stay.")
        @Default("false")
        Boolean suspended,

        @JsonPropertyDescription(
                "How long the former keys go on working after a rotation. To rotate, give the annotation moorage.io/rotate a new value.")
        @Default("24h")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION
                        + " && duration(self) >= duration('0s') && duration(self) <= duration('720h')",
                message = "must be a duration from 0s to 720h, such as 24h")
        String rotationGrace) {
    public StorageUserSpec {
        suspended = suspended == null ? false : suspended;
        rotationGrace = rotationGrace == null ? "24h" : rotationGrace;
        grants = grants == null ? List.of() : List.copyOf(grants);
    }
}
