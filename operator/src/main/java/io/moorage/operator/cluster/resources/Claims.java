package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the disks of storage nodes grow. Kubernetes does the rest: it enlarges the volume, and the file system on it. */
final class Claims {
    static final String STORAGE = "storage";
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private Claims() {}

    /**
     * Asks for the size that the StatefulSet's template names, for claims that have less. Those that have no volume yet can only
     * grow when they have one.
     *
     * @param claims of the cluster's storage nodes
     * @return whether anything was written
     * @throws RefusedException a class does not let its volumes grow. Nothing was changed
     */
    static boolean grow(KubernetesClient client, List<PersistentVolumeClaim> claims, StatefulSet desired) {
        PersistentVolumeClaim template =
                desired.getSpec().getVolumeClaimTemplates().get(0);
        String prefix =
                template.getMetadata().getName() + "-" + desired.getMetadata().getName() + "-";
        Quantity size = size(template);
        List<PersistentVolumeClaim> small = claims.stream()
                .filter(claim -> claim.getMetadata().getName().startsWith(prefix))
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .filter(claim -> claim.getStatus() != null
                        && "Bound".equals(claim.getStatus().getPhase()))
                .filter(claim -> bytes(size(claim)).compareTo(bytes(size)) < 0)
                .toList();
        checkClasses(client, small, size);
        for (PersistentVolumeClaim claim : small) {
            LOG.info("claim {} grows from {} to {}", claim.getMetadata().getName(), size(claim), size);
            client.persistentVolumeClaims()
                    .inNamespace(claim.getMetadata().getNamespace())
                    .withName(claim.getMetadata().getName())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"" + size + "\"}}}}");
        }
        return !small.isEmpty();
    }

    static Quantity size(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequests().get(STORAGE);
    }

    static java.math.BigDecimal bytes(Quantity quantity) {
        return quantity.getNumericalAmount();
    }

    private static void checkClasses(KubernetesClient client, List<PersistentVolumeClaim> small, Quantity size) {
        TreeSet<String> names = new TreeSet<>();
        small.forEach(claim -> {
            String name = claim.getSpec().getStorageClassName();
            names.add(name == null ? "" : name);
        });
        for (String name : names) {
            StorageClass found = name.isEmpty()
                    ? null
                    : client.storage().v1().storageClasses().withName(name).get();
            if (found == null || !Boolean.TRUE.equals(found.getAllowVolumeExpansion())) {
                throw new RefusedException(
                        "VolumeExpansionNotSupported",
                        "spec.storage.size: the disks cannot grow to " + size + ", because "
                                + (found == null
                                        ? "their StorageClass '" + name + "' does not exist"
                                        : "StorageClass '" + name + "' does not have allowVolumeExpansion: true")
                                + "; add storage nodes, or set it if its provisioner can");
            }
        }
    }
}
