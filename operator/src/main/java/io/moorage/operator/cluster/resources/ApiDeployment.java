package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.AntiAffinity;
import io.moorage.crds.v1alpha1.cluster.ApiSpec;
import io.moorage.operator.naming.Names;
import java.util.Map;

/** The API servers. A new one is ready before an old one goes, and an old one goes when nobody is sent to it any more. */
public final class ApiDeployment {
    private static final String NAME = "api-server";
    private static final String CONFIG_VOLUME = "config";
    private static final String KEYS_VOLUME = "s3-encryption-keys";
    private static final String CPU = "100m";
    private static final String MEMORY = "768Mi";
    private static final int HEAP_PERCENT = 50;
    private static final int DIRECT_PERCENT = 20;
    /** Between being taken out of the Service and being stopped, because proxies and load balancers learn of it late. */
    private static final long LINGER_SECONDS = 8;

    private ApiDeployment() {}

    public static Deployment desired(StorageCluster cluster, ResourceInputs inputs) {
        ApiSpec api = cluster.getSpec().api();
        return new DeploymentBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                .withNewSpec()
                // The autoscaler's business, when there is one.
                .withReplicas(api.autoscaling() == null ? api.replicas() : null)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(0))
                .withMaxSurge(new IntOrString(1))
                .endRollingUpdate()
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(Names.selector(cluster, Names.API_SERVER))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Names.labels(cluster, Names.API_SERVER))
                .withAnnotations(Map.of(NodesStatefulSet.CONFIG_HASH, Hashes.of(ApiConfig.file(cluster))))
                .endMetadata()
                .withSpec(pod(cluster, inputs))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(StorageCluster cluster, ResourceInputs inputs) {
        return Hardening.pod(new PodSpecBuilder()
                .withContainers(container(cluster, inputs))
                .withServiceAccountName(Names.api(cluster))
                .withAutomountServiceAccountToken(true)
                .withTerminationGracePeriodSeconds(LINGER_SECONDS + ApiConfig.SHUTDOWN_SECONDS + 10L)
                .withImagePullSecrets(cluster.getSpec().imagePullSecrets())
                .withAffinity(NodesPlacement.affinity(
                        null,
                        AntiAffinity.PREFERRED,
                        new LabelSelectorBuilder()
                                .withMatchLabels(Names.selector(cluster, Names.API_SERVER))
                                .build()))
                .addNewVolume()
                .withName(CONFIG_VOLUME)
                .withNewConfigMap()
                .withName(Names.api(cluster))
                .endConfigMap()
                .endVolume()
                .addNewVolume()
                .withName(KEYS_VOLUME)
                .withNewSecret()
                .withSecretName(Names.s3EncryptionKeys(cluster))
                // A cluster without one encrypts nothing with a key of its own.
                .withOptional(true)
                .endSecret()
                .endVolume()
                .build());
    }

    private static Container container(StorageCluster cluster, ResourceInputs inputs) {
        ResourceRequirements resources = Resources.of(cluster.getSpec().api().resources(), CPU, MEMORY);
        String image = cluster.getSpec().image();
        return Hardening.container(new ContainerBuilder()
                .withName(NAME)
                .withImage(image == null ? inputs.defaultImage() : image)
                .withImagePullPolicy(Programs.pullPolicy(cluster.getSpec().imagePullPolicy()))
                .withArgs(Programs.arguments(Programs.API_SERVER, ApiConfig.FILE))
                .addNewEnv()
                .withName(JavaOptions.VARIABLE)
                .withValue(JavaOptions.of(HEAP_PERCENT, DIRECT_PERCENT, resources))
                .endEnv()
                .addNewPort()
                .withName(ApiService.HTTP)
                .withContainerPort(Names.API_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(ApiService.S3)
                .withContainerPort(Names.S3_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(NodesService.METRICS)
                .withContainerPort(Names.METRICS_PORT)
                .withProtocol("TCP")
                .endPort()
                .withResources(resources)
                .withStartupProbe(probe("/storage/health/live", 2, 3, 60))
                .withReadinessProbe(probe("/storage/health/ready", 5, 4, 2))
                .withLivenessProbe(probe("/storage/health/live", 10, 5, 6))
                .withNewLifecycle()
                .withNewPreStop()
                .withNewSleep(LINGER_SECONDS)
                .endPreStop()
                .endLifecycle()
                .addNewVolumeMount()
                .withName(CONFIG_VOLUME)
                .withMountPath(Programs.CONFIG)
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(KEYS_VOLUME)
                .withMountPath(ApiConfig.S3_ENCRYPTION_KEYS)
                .withReadOnly(true)
                .endVolumeMount()
                .build());
    }

    private static Probe probe(String path, int periodSeconds, int timeoutSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(ApiService.HTTP))
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(timeoutSeconds)
                .withFailureThreshold(failures)
                .build();
    }
}
