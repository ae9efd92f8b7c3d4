package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;

/** The container of a storage node. */
final class NodesContainer {
    static final String NAME = "storage-node";
    static final String CONFIG_VOLUME = "config";
    static final String DATA_VOLUME = "data";

    private static final String CPU = "250m";
    private static final String MEMORY = "1Gi";
    /** Beside the heap there are caches and write buffers of RocksDB (128 MiB if not configured), buffers of Netty, and code. */
    private static final int HEAP_PERCENT = 40;

    private static final int DIRECT_PERCENT = 20;
    /** A node that has much to recover is not killed while it does: 20 minutes. */
    private static final int STARTUP_PROBES = 240;

    private NodesContainer() {}

    static Container desired(StorageCluster cluster, ResourceInputs inputs) {
        ResourceRequirements resources = Resources.of(cluster.getSpec().resources(), CPU, MEMORY);
        String image = cluster.getSpec().image();
        return Hardening.container(new ContainerBuilder()
                .withName(NAME)
                .withImage(image == null ? inputs.defaultImage() : image)
                .withImagePullPolicy(Programs.pullPolicy(cluster.getSpec().imagePullPolicy()))
                .withArgs(Programs.arguments(Programs.STORAGE_NODE, NodesConfig.FILE))
                .withEnv(
                        field("MOORAGE_NODE_NAME", "metadata.name"),
                        // Kubernetes 1.35 and later copies the machine's zone to the pod; "" where there is none.
                        field(
                                "MOORAGE_NODE_ZONE",
                                "metadata.labels['"
                                        + cluster.getSpec().placement().zoneKey() + "']"),
                        value("MOORAGE_NETWORK_HOST", Names.host(cluster, "$(MOORAGE_NODE_NAME)")),
                        value(JavaOptions.VARIABLE, JavaOptions.of(HEAP_PERCENT, DIRECT_PERCENT, resources)))
                .addNewPort()
                .withName(NodesService.SERVICES)
                .withContainerPort(Names.SERVICE_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(NodesService.RAFT)
                .withContainerPort(Names.RAFT_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(NodesService.METRICS)
                .withContainerPort(Names.METRICS_PORT)
                .withProtocol("TCP")
                .endPort()
                .withResources(resources)
                .withStartupProbe(probe(5, 5, STARTUP_PROBES))
                .withReadinessProbe(probe(5, 3, 2))
                // Slow disks and long pauses are not healed by a restart, so this one is patient.
                .withLivenessProbe(probe(10, 5, 6))
                .addNewVolumeMount()
                .withName(DATA_VOLUME)
                .withMountPath(NodesConfig.DATA)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(CONFIG_VOLUME)
                .withMountPath(Programs.CONFIG)
                .withReadOnly(true)
                .endVolumeMount()
                .build());
    }

    private static Probe probe(int periodSeconds, int timeoutSeconds, int failures) {
        return new ProbeBuilder()
                .withNewGrpc()
                .withPort(Names.SERVICE_PORT)
                .endGrpc()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(timeoutSeconds)
                .withFailureThreshold(failures)
                .build();
    }

    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }
}
