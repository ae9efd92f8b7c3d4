package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Why pods do not run, in Kubernetes' own words. */
final class PodTroubles {
    private static final List<String> BAD = List.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerConfigError",
            "CreateContainerError",
            "CrashLoopBackOff",
            "RunContainerError");

    private PodTroubles() {}

    /**
     * The first one found.
     *
     * @param claims of these pods, and perhaps of others
     */
    static Optional<String> first(Collection<Pod> pods, Collection<PersistentVolumeClaim> claims) {
        return pods.stream()
                .flatMap(pod -> of(pod, claims).stream()
                        .map(why -> "pod " + pod.getMetadata().getName() + ": " + why))
                .findFirst();
    }

    private static Optional<String> of(Pod pod, Collection<PersistentVolumeClaim> claims) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        Optional<String> unschedulable = pod.getStatus().getConditions().stream()
                .filter(condition -> "PodScheduled".equals(condition.getType())
                        && "False".equals(condition.getStatus())
                        && "Unschedulable".equals(condition.getReason()))
                .map(condition -> condition.getMessage() + unbound(pod, claims))
                .findFirst();
        return unschedulable.or(() -> pod.getStatus().getContainerStatuses().stream()
                .flatMap(container -> waiting(container).stream())
                .findFirst());
    }

    /** Kubernetes says only that there is such a claim. */
    private static String unbound(Pod pod, Collection<PersistentVolumeClaim> claims) {
        return claims.stream()
                .filter(claim -> claim.getMetadata()
                                .getName()
                                .endsWith("-" + pod.getMetadata().getName())
                        && claim.getStatus() != null
                        && "Pending".equals(claim.getStatus().getPhase()))
                .map(claim -> "; claim " + claim.getMetadata().getName() + " has no disk yet: is there a StorageClass "
                        + Optional.ofNullable(claim.getSpec().getStorageClassName())
                                .orElse("that is the default")
                        + ", and can it give "
                        + claim.getSpec().getResources().getRequests().get("storage") + "?")
                .findFirst()
                .orElse("");
    }

    private static Optional<String> waiting(ContainerStatus container) {
        return Optional.ofNullable(container.getState())
                .map(state -> state.getWaiting())
                .filter(waiting -> BAD.contains(waiting.getReason()))
                .map(waiting -> waiting.getReason()
                        + (waiting.getMessage() == null ? "" : ": " + waiting.getMessage())
                        + lastExit(container));
    }

    private static String lastExit(ContainerStatus container) {
        return Optional.ofNullable(container.getLastState())
                .map(state -> state.getTerminated())
                .map(ended -> " (it ended with exit code " + ended.getExitCode() + ")")
                .orElse("");
    }
}
