package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All rules of the profile "restricted" (which includes "baseline") of the Kubernetes Pod Security Standards.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security Standards</a>
 */
final class RestrictedPodSecurity {
    private static final Set<String> SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes");
    private static final Set<String> SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
    private static final String APPARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private final PodSpec pod;
    private final Map<String, String> annotations;
    private final List<String> violations = new ArrayList<>();

    private RestrictedPodSecurity(PodTemplateSpec template) {
        this.pod = template.getSpec();
        this.annotations = Optional.ofNullable(template.getMetadata())
                .map(metadata -> metadata.getAnnotations())
                .orElse(Map.of());
    }

    /** What the profile forbids, in words; empty if the pods are admitted. */
    static List<String> violations(PodTemplateSpec template) {
        RestrictedPodSecurity check = new RestrictedPodSecurity(template);
        check.host();
        check.volumes();
        check.podContext();
        check.containers().forEach(check::container);
        return check.violations;
    }

    private Stream<Container> containers() {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
    }

    private void host() {
        forbid(Boolean.TRUE.equals(pod.getHostNetwork()), "host namespaces: hostNetwork");
        forbid(Boolean.TRUE.equals(pod.getHostPID()), "host namespaces: hostPID");
        forbid(Boolean.TRUE.equals(pod.getHostIPC()), "host namespaces: hostIPC");
        forbid(!pod.getEphemeralContainers().isEmpty(), "ephemeral containers are not looked at here");
        annotations.forEach((key, value) -> forbid(
                key.startsWith(APPARMOR) && !value.equals("runtime/default") && !value.startsWith("localhost/"),
                "AppArmor annotation " + key));
    }

    private void volumes() {
        for (Volume volume : pod.getVolumes()) {
            boolean allowed = Stream.of(
                            volume.getConfigMap(),
                            volume.getCsi(),
                            volume.getDownwardAPI(),
                            volume.getEmptyDir(),
                            volume.getEphemeral(),
                            volume.getPersistentVolumeClaim(),
                            volume.getProjected(),
                            volume.getSecret())
                    .anyMatch(Objects::nonNull);
            forbid(!allowed, "volume types: " + volume.getName());
            forbid(volume.getHostPath() != null, "hostPath volumes: " + volume.getName());
        }
    }

    private void podContext() {
        PodSecurityContext context = pod.getSecurityContext();
        if (context == null) {
            return;
        }
        context.getSysctls()
                .forEach(sysctl -> forbid(!SYSCTLS.contains(sysctl.getName()), "sysctls: " + sysctl.getName()));
        selinux(context.getSeLinuxOptions(), "pod");
        forbid(Objects.equals(context.getRunAsUser(), 0L), "running as non-root user: pod");
        forbid(
                context.getWindowsOptions() != null
                        && Boolean.TRUE.equals(context.getWindowsOptions().getHostProcess()),
                "HostProcess: pod");
        forbid(
                context.getAppArmorProfile() != null
                        && !Set.of("RuntimeDefault", "Localhost")
                                .contains(context.getAppArmorProfile().getType()),
                "AppArmor: pod");
    }

    private void container(Container container) {
        String name = container.getName();
        container
                .getPorts()
                .forEach(port -> forbid(port.getHostPort() != null && port.getHostPort() != 0, "host ports: " + name));
        Stream.of(container.getLivenessProbe(), container.getReadinessProbe(), container.getStartupProbe())
                .filter(Objects::nonNull)
                .forEach(probe -> forbid(hasHost(probe), "host probes: " + name));
        lifecycle(container);
        SecurityContext context = container.getSecurityContext();
        if (context == null) {
            violations.add("no securityContext: " + name);
            return;
        }
        privileges(name, context);
        capabilities(name, context);
        user(name, context);
        seccomp(name, context);
        selinux(context.getSeLinuxOptions(), name);
        forbid(context.getProcMount() != null && !context.getProcMount().equals("Default"), "/proc mount: " + name);
        forbid(
                context.getWindowsOptions() != null
                        && Boolean.TRUE.equals(context.getWindowsOptions().getHostProcess()),
                "HostProcess: " + name);
        forbid(
                context.getAppArmorProfile() != null
                        && !Set.of("RuntimeDefault", "Localhost")
                                .contains(context.getAppArmorProfile().getType()),
                "AppArmor: " + name);
    }

    private void privileges(String name, SecurityContext context) {
        forbid(Boolean.TRUE.equals(context.getPrivileged()), "privileged containers: " + name);
        forbid(!Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()), "privilege escalation: " + name);
    }

    private void capabilities(String name, SecurityContext context) {
        var capabilities = context.getCapabilities();
        forbid(
                capabilities == null || !capabilities.getDrop().contains("ALL"),
                "capabilities: " + name + " must drop ALL");
        forbid(
                capabilities != null && !Set.of("NET_BIND_SERVICE").containsAll(capabilities.getAdd()),
                "capabilities: " + name + " adds");
    }

    private void user(String name, SecurityContext context) {
        Boolean nonRoot = inherited(context.getRunAsNonRoot(), PodSecurityContext::getRunAsNonRoot);
        forbid(!Boolean.TRUE.equals(nonRoot), "running as non-root: " + name);
        forbid(Objects.equals(context.getRunAsUser(), 0L), "running as non-root user: " + name);
    }

    private void seccomp(String name, SecurityContext context) {
        SeccompProfile profile = inherited(context.getSeccompProfile(), PodSecurityContext::getSeccompProfile);
        forbid(
                profile == null || !Set.of("RuntimeDefault", "Localhost").contains(profile.getType()),
                "seccomp: " + name);
    }

    private void selinux(SELinuxOptions options, String name) {
        if (options != null) {
            String type = options.getType() == null ? "" : options.getType();
            forbid(!SELINUX_TYPES.contains(type), "SELinux type: " + name);
            forbid(options.getUser() != null || options.getRole() != null, "SELinux user or role: " + name);
        }
    }

    private void lifecycle(Container container) {
        if (container.getLifecycle() != null) {
            Stream.of(
                            container.getLifecycle().getPreStop(),
                            container.getLifecycle().getPostStart())
                    .filter(Objects::nonNull)
                    .forEach(handler -> forbid(
                            handler.getHttpGet() != null && handler.getHttpGet().getHost() != null
                                    || handler.getTcpSocket() != null
                                            && handler.getTcpSocket().getHost() != null,
                            "host lifecycle hooks: " + container.getName()));
        }
    }

    private static boolean hasHost(Probe probe) {
        return probe.getHttpGet() != null && probe.getHttpGet().getHost() != null
                || probe.getTcpSocket() != null && probe.getTcpSocket().getHost() != null;
    }

    private <T> T inherited(T own, Function<PodSecurityContext, T> pods) {
        return own != null
                ? own
                : Optional.ofNullable(pod.getSecurityContext()).map(pods).orElse(null);
    }

    private void forbid(boolean violated, String rule) {
        if (violated) {
            violations.add(rule);
        }
    }
}
