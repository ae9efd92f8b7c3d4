package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a storage cluster should be. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.groups) || self.groups.all(group, group.replicas <= self.nodes)",
        message = "a group cannot have more replicas than the cluster has nodes: raise spec.nodes or lower replicas",
        fieldPath = ".groups")
@ValidationRule(
        value =
                "!has(self.autoscaling) || !has(self.groups) || self.groups.all(group, group.replicas <= self.autoscaling.minNodes)",
        message = "a group cannot have more replicas than autoscaling.minNodes: raise minNodes or lower replicas",
        fieldPath = ".autoscaling")
public record StorageClusterSpec(
        @JsonPropertyDescription(
                "How many storage nodes there are. Scaling down drains a node before its pod is removed, and is refused with a condition when the others cannot hold its data.")
        @Default("3")
        @Min(1)
        @Max(100)
        @SpecReplicas
        Integer nodes,

        @JsonPropertyDescription(
                "How many Raft groups there are of each replication factor. Left out: chosen from the number of nodes (with three or more nodes, groups of three).")
        @Size(max = 4)
        List<GroupPool> groups,

        @JsonPropertyDescription(
                "Container image of the storage nodes and API servers. Left out: the one that belongs to the operator's version.")
        @Size(min = 1, max = 512)
        @Pattern("^[!-~]+$")
        String image,

        @JsonPropertyDescription("As imagePullPolicy of a container.") @Default("IfNotPresent")
        PullPolicy imagePullPolicy,

        @JsonPropertyDescription("Secrets in the same namespace for pulling the image.") @Size(max = 16)
        List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("CPU and memory of each storage node, as in a container.")
        ResourceRequirements resources,

        @JsonPropertyDescription(
                "Settings of the storage nodes by their key in the configuration file, such as raft.election-timeout. A change is rolled out as updateStrategy says.")
        @Size(max = 64)
        @ValidationRule(
                value =
                        "self.all(key, !key.startsWith('node.') && !key.startsWith('network.') && key != 'storage.directory')",
                message = "leave out node.*, network.* and storage.directory: the operator sets them")
        Map<String, String> config,

        @JsonPropertyDescription("The disk of each storage node.") @Default("{}")
        StorageSpec storage,

        @JsonPropertyDescription("The API servers in front of the storage nodes.") @Default("{}")
        ApiSpec api,

        @JsonPropertyDescription("On which machines storage nodes run.") @Default("{}")
        Placement placement,

        @JsonPropertyDescription("What the operator does by itself about nodes and disks that fail.") @Default("{}")
        SelfHealing selfHealing,

        @JsonPropertyDescription("When set, the operator changes nodes by how full they are.")
        NodeAutoscaling autoscaling,

        @JsonPropertyDescription("How changes of image, configuration and resources reach the storage nodes.")
        @Default("{}")
        UpdateStrategy updateStrategy,

        @JsonPropertyDescription("Storage nodes that should hold less, or nothing, for the time being.")
        @Size(max = 100)
        List<Maintenance> maintenance,

        @JsonPropertyDescription("The operator changes nothing while this is true; it still reports status.")
        @Default("false")
        Boolean paused) {
    public StorageClusterSpec {
        nodes = nodes == null ? 3 : nodes;
        imagePullPolicy = imagePullPolicy == null ? PullPolicy.IF_NOT_PRESENT : imagePullPolicy;
        storage = storage == null ? StorageSpecBuilder.builder().build() : storage;
        api = api == null ? ApiSpecBuilder.builder().build() : api;
        placement = placement == null ? PlacementBuilder.builder().build() : placement;
        selfHealing = selfHealing == null ? SelfHealingBuilder.builder().build() : selfHealing;
        updateStrategy =
                updateStrategy == null ? UpdateStrategyBuilder.builder().build() : updateStrategy;
        paused = paused == null ? false : paused;
        groups = groups == null ? List.of() : List.copyOf(groups);
        imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
        config = config == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(config));
        maintenance = maintenance == null ? List.of() : List.copyOf(maintenance);
    }
}
