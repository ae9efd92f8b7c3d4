package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** The disk of each storage node. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value =
                "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "cannot be changed: make a new StorageCluster with the other class and copy the data",
        fieldPath = ".storageClassName",
        reason = "FieldValueForbidden")
public record StorageSpec(
        @JsonPropertyDescription(
                "Size of each storage node's PersistentVolumeClaim. It can grow when the StorageClass allows volume expansion; it cannot shrink.")
        @Default("10Gi")
        @ValidationRule(
                value = "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('1Gi')) >= 0",
                message = "must be a quantity of at least 1Gi, such as 100Gi")
        @ValidationRule(
                value = Rules.GROWS,
                message = "cannot shrink: sizes only grow",
                messageExpression =
                        "'cannot shrink from ' + string(oldSelf) + ' to ' + string(self) + ': sizes only grow'")
        Quantity size,

        @JsonPropertyDescription(
                "StorageClass of the claims. Left out: the default class of Kubernetes. Cannot be changed.")
        @Size(min = 1, max = 253)
        String storageClassName,

        @JsonPropertyDescription("What becomes of the claims, and so of the data, when the StorageCluster is deleted.")
        @Default("Retain")
        ClaimPolicy whenDeleted,

        @JsonPropertyDescription(
                "What becomes of the claim of a storage node that was drained and removed by scaling down.")
        @Default("Retain")
        ClaimPolicy whenScaled) {
    public StorageSpec {
        size = size == null ? new Quantity("10Gi") : size;
        whenDeleted = whenDeleted == null ? ClaimPolicy.RETAIN : whenDeleted;
        whenScaled = whenScaled == null ? ClaimPolicy.RETAIN : whenScaled;
    }
}
