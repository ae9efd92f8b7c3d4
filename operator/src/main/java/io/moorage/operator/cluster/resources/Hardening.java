package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/** Makes pods pass the Pod Security Standard "restricted", and a little more: nothing can be written but to volumes. */
final class Hardening {
    static final long USER = 10_001;
    private static final String TEMPORARY = "tmp";

    private Hardening() {}

    /** @param pod the containers of which have been through {@link #container} */
    static PodSpec pod(PodSpec pod) {
        return new PodSpecBuilder(pod)
                // Both programs refuse variables that they do not know, and links to services would make such.
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                // A disk with millions of files is not walked through at every start.
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewVolume()
                .withName(TEMPORARY)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("1Gi"))
                .endEmptyDir()
                .endVolume()
                .build();
    }

    static Container container(Container container) {
        return new ContainerBuilder(container)
                .withSecurityContext(security())
                // Native libraries are unpacked here.
                .addNewVolumeMount()
                .withName(TEMPORARY)
                .withMountPath("/tmp")
                .endVolumeMount()
                .build();
    }

    private static SecurityContext security() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }
}
