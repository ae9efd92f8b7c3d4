package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What a volume should be. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.encryption) == has(oldSelf.encryption)",
        message = "encryption cannot be added or removed later: make a new Volume and copy the data",
        fieldPath = ".encryption",
        reason = "FieldValueForbidden")
public record VolumeSpec(
        @JsonPropertyDescription("The StorageCluster that the volume lives in. Cannot be changed.")
        @Required
        @ValidationRule(
                value = Rules.IMMUTABLE,
                message = "cannot be changed: make a Volume in the other cluster and copy the data")
        Reference clusterRef,

        @JsonPropertyDescription(
                "Quota: the most that the sizes of all entries may add up to; further writes are refused (507). Left out: no limit but the disks. It can grow; it cannot shrink.")
        @ValidationRule(
                value = "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('1Mi')) >= 0",
                message = "must be a quantity of at least 1Mi, such as 100Gi")
        @ValidationRule(
                value = Rules.GROWS,
                message = "cannot shrink: sizes only grow",
                messageExpression =
                        "'cannot shrink from ' + string(oldSelf) + ' to ' + string(self) + ': sizes only grow'")
        Quantity size,

        @JsonPropertyDescription("Quota: the most files, objects and keys. Left out: no limit.") @Min(1)
        Long maxEntries,

        @JsonPropertyDescription(
                "On how many storage nodes the data is. 3 survives the loss of one node, 5 of two. Odd, because an even number survives no more failures than one less.")
        @Default("3")
        @Min(1)
        @Max(7)
        @ValidationRule(value = "self % 2 == 1", message = "must be odd: 1, 3, 5 or 7")
        Integer replicas,

        @JsonPropertyDescription(
                "What requests get that do not ask for something else. Strong: every read sees every write before it, and a write waits for all replicas. Quorum: writes on a majority, reads from the leader. Eventual: reads from any replica, which may be older.")
        @Default("Quorum")
        Consistency consistency,

        @JsonPropertyDescription(
                "Shared: in a Raft group with other volumes, which costs next to nothing. Dedicated: in a group of its own, so that others' load does not touch it. Cannot be changed.")
        @Default("Shared")
        @ValidationRule(
                value = Rules.IMMUTABLE,
                message = "cannot be changed: make a new Volume with the other isolation and copy the data")
        Isolation isolation,

        @JsonPropertyDescription(
                "How bytes are compressed, once, before they are replicated. A change is for what is written from then on. A volume that asks for what the running version cannot do is not Ready, with the reason NotSupported.")
        @Default("None")
        Compression compression,

        @JsonPropertyDescription(
                "Whether equal pieces of different entries are stored once. A change is for what is written from then on. A volume that asks for what the running version cannot do is not Ready, with the reason NotSupported.")
        @Default("false")
        Boolean deduplication,

        @JsonPropertyDescription(
                "When set, all bytes are encrypted at rest (AES-256-GCM). Cannot be added or removed later. A volume that asks for what the running version cannot do is not Ready, with the reason NotSupported.")
        Encryption encryption,

        @JsonPropertyDescription(
                "When set, what is not read for a while moves to an object store. A volume that asks for what the running version cannot do is not Ready, with the reason NotSupported.")
        Tiering tiering,

        @JsonPropertyDescription(
                "For this long every earlier state of the volume can be read. Left out: only what snapshots keep. A volume that asks for what the running version cannot do is not Ready, with the reason NotSupported.")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION
                        + " && duration(self) >= duration('0s') && duration(self) <= duration('8760h')",
                message = "must be a duration from 0s to 8760h, such as 24h")
        String historyWindow,

        @JsonPropertyDescription("How much of the change feed is kept for those who follow the volume.")
        ChangeFeed changes,

        @JsonPropertyDescription("When set, snapshots are made and removed by a schedule.")
        SnapshotSchedule snapshots,

        @JsonPropertyDescription(
                "What becomes of the data when this resource is deleted. Retain: while the volume holds entries, they stay in the cluster, and a Volume of the same name takes them up again. Delete: they are deleted on every storage node, and the space is free again. An empty volume is removed either way.")
        @Default("Retain")
        DeletionPolicy deletionPolicy) {
    public VolumeSpec {
        replicas = replicas == null ? 3 : replicas;
        consistency = consistency == null ? Consistency.QUORUM : consistency;
        isolation = isolation == null ? Isolation.SHARED : isolation;
        compression = compression == null ? Compression.NONE : compression;
        deduplication = deduplication == null ? false : deduplication;
        deletionPolicy = deletionPolicy == null ? DeletionPolicy.RETAIN : deletionPolicy;
    }
}
