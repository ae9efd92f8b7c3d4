package io.moorage.operator.cluster.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.moorage.crds.v1alpha1.cluster.AntiAffinity;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What pods may do, and what they get. */
class PodsTest {

    @Test
    void passTheRestrictedPodSecurityStandard() {
        assertThat(RestrictedPodSecurity.violations(nodes())).isEmpty();
        assertThat(RestrictedPodSecurity.violations(api())).isEmpty();
        PodTemplateSpec full = NodesStatefulSet.desired(Examples.full(), Examples.MOST)
                .getSpec()
                .getTemplate();
        assertThat(RestrictedPodSecurity.violations(full)).isEmpty();
    }

    static Stream<Arguments> weakenings() {
        return Stream.of(
                weak(
                        "host namespaces",
                        pod -> pod.editSpec().withHostNetwork(true).endSpec()),
                weak("host namespaces", pod -> pod.editSpec().withHostPID(true).endSpec()),
                weak(
                        "hostPath volumes",
                        pod -> pod.editSpec()
                                .addNewVolume()
                                .withName("host")
                                .withNewHostPath()
                                .endHostPath()
                                .endVolume()
                                .endSpec()),
                weak(
                        "running as non-root",
                        pod -> pod.editSpec()
                                .editSecurityContext()
                                .withRunAsNonRoot(null)
                                .endSecurityContext()
                                .endSpec()),
                weak(
                        "running as non-root user",
                        pod -> pod.editSpec()
                                .editSecurityContext()
                                .withRunAsUser(0L)
                                .endSecurityContext()
                                .endSpec()),
                weak(
                        "seccomp",
                        pod -> pod.editSpec()
                                .editSecurityContext()
                                .withSeccompProfile(null)
                                .endSecurityContext()
                                .endSpec()),
                weak(
                        "sysctls",
                        pod -> pod.editSpec()
                                .editSecurityContext()
                                .addNewSysctl("kernel.msgmax", "1")
                                .endSecurityContext()
                                .endSpec()),
                weakContainer(
                        "privileged",
                        container -> container
                                .editSecurityContext()
                                .withPrivileged(true)
                                .endSecurityContext()),
                weakContainer(
                        "privilege escalation",
                        container -> container
                                .editSecurityContext()
                                .withAllowPrivilegeEscalation(null)
                                .endSecurityContext()),
                weakContainer(
                        "capabilities",
                        container -> container
                                .editSecurityContext()
                                .withCapabilities(null)
                                .endSecurityContext()),
                weakContainer(
                        "capabilities",
                        container -> container
                                .editSecurityContext()
                                .editCapabilities()
                                .addToAdd("NET_ADMIN")
                                .endCapabilities()
                                .endSecurityContext()),
                weakContainer(
                        "host ports",
                        container ->
                                container.editFirstPort().withHostPort(9200).endPort()),
                weakContainer("no securityContext", container -> container.withSecurityContext(null)));
    }

    /** The check above is worth something only if it sees what is wrong. */
    @ParameterizedTest
    @MethodSource("weakenings")
    void weakerPodsWouldBeNoticed(String rule, UnaryOperator<PodTemplateSpecBuilder> weaken) {
        PodTemplateSpec weak = weaken.apply(new PodTemplateSpecBuilder(nodes())).build();
        assertThat(RestrictedPodSecurity.violations(weak)).anyMatch(violation -> violation.startsWith(rule));
    }

    @Test
    void writeToVolumesOnly() {
        assertThat(List.of(nodes(), api())).allSatisfy(pod -> {
            assertThat(pod.getSpec().getEnableServiceLinks()).isFalse();
            Container container = pod.getSpec().getContainers().get(0);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getVolumeMounts())
                    .anyMatch(mount -> mount.getMountPath().equals("/tmp"));
        });
        assertThat(nodes().getSpec().getAutomountServiceAccountToken()).isFalse();
    }

    @Test
    void onlyVariablesThatTheProgramsKnow() {
        assertThat(nodes().getSpec().getContainers().get(0).getEnv())
                .extracting(variable -> variable.getName())
                .containsExactly("MOORAGE_NODE_NAME", "MOORAGE_NODE_ZONE", "MOORAGE_NETWORK_HOST", "JAVA_TOOL_OPTIONS");
    }

    @Test
    void theHeapIsAShareOfTheLimit() {
        assertThat(JavaOptions.of(40, 20, memory(null, "1000Mi")))
                .contains("-XX:MaxRAMPercentage=40 ")
                .contains("-XX:MaxDirectMemorySize=209715200 ")
                .doesNotContain("MaxRAM=");
    }

    @Test
    void withoutALimitTheHeapIsAShareOfTheRequestAndNotOfTheMachine() {
        assertThat(JavaOptions.of(40, 20, memory("1Gi", null))).contains("-XX:MaxRAM=1073741824 ");
    }

    @Test
    void resourcesThatAreLeftOutGetADefaultAndOthersStay() {
        assertThat(Resources.of(null, "1", "1Gi").getLimits()).containsEntry("memory", new Quantity("1", "Gi"));
        ResourceRequirements asked = memory("3Gi", null);
        ResourceRequirements whole = Resources.of(asked, "250m", "1Gi");
        assertThat(whole.getRequests())
                .containsEntry("memory", new Quantity("3Gi"))
                .containsEntry("cpu", new Quantity("250m"));
        assertThat(whole.getLimits()).isNullOrEmpty();
    }

    @Test
    void antiAffinityIsAddedToWhatTheSpecSays() {
        LabelSelector pods = new LabelSelector(null, Map.of("a", "b"));
        assertThat(NodesPlacement.affinity(null, AntiAffinity.NONE, pods)).isNull();
        assertThat(NodesPlacement.affinity(null, AntiAffinity.REQUIRED, pods)
                        .getPodAntiAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution())
                .singleElement()
                .satisfies(term -> assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname"));
        var given = new PodSpecBuilder()
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withTopologyKey("rack")
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .endAffinity()
                .buildAffinity();
        assertThat(NodesPlacement.affinity(given, AntiAffinity.REQUIRED, pods)
                        .getPodAntiAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution())
                .hasSize(2);
    }

    private static PodTemplateSpec nodes() {
        return NodesStatefulSet.desired(Examples.minimal(), Examples.LEAST)
                .getSpec()
                .getTemplate();
    }

    private static PodTemplateSpec api() {
        return ApiDeployment.desired(Examples.minimal(), Examples.LEAST)
                .getSpec()
                .getTemplate();
    }

    private static ResourceRequirements memory(String request, String limit) {
        ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder();
        if (request != null) {
            resources.addToRequests("memory", new Quantity(request));
        }
        if (limit != null) {
            resources.addToLimits("memory", new Quantity(limit));
        }
        return resources.build();
    }

    private static Arguments weak(String rule, UnaryOperator<PodTemplateSpecBuilder> weaken) {
        return Arguments.of(rule, weaken);
    }

    private static Arguments weakContainer(String rule, UnaryOperator<ContainerBuilder> weaken) {
        return weak(rule, pod -> {
            Container container = weaken.apply(
                            new ContainerBuilder(pod.buildSpec().getContainers().get(0)))
                    .build();
            return pod.editSpec().withContainers(container).endSpec();
        });
    }
}
