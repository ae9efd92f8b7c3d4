package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import java.util.List;
import java.util.Objects;

/**
 * What a change of a StatefulSet takes. Kubernetes lets replicas, template, updateStrategy, minReadySeconds, ordinals and the
 * retention of claims change, and nothing else.
 */
enum StatefulSetChange {
    /** Written in place. */
    IN_PLACE,
    /** The template of claims grows: the StatefulSet is made anew around its pods. */
    REPLACE;

    /** @throws RefusedException it cannot be done while the pods and their data stay */
    static StatefulSetChange of(StatefulSet actual, StatefulSet desired) {
        StatefulSetSpec is = actual.getSpec();
        StatefulSetSpec wanted = desired.getSpec();
        immutable(desired, "serviceName", is.getServiceName(), wanted.getServiceName());
        immutable(desired, "podManagementPolicy", is.getPodManagementPolicy(), wanted.getPodManagementPolicy());
        immutable(
                desired,
                "selector",
                is.getSelector().getMatchLabels(),
                wanted.getSelector().getMatchLabels());
        immutable(desired, "volumeClaimTemplates", names(is), names(wanted));
        StatefulSetChange change = IN_PLACE;
        for (int i = 0; i < wanted.getVolumeClaimTemplates().size(); i++) {
            PersistentVolumeClaim before = is.getVolumeClaimTemplates().get(i);
            PersistentVolumeClaim after = wanted.getVolumeClaimTemplates().get(i);
            String field = "volumeClaimTemplates[" + i + "].spec.";
            immutable(
                    desired,
                    field + "storageClassName",
                    before.getSpec().getStorageClassName(),
                    after.getSpec().getStorageClassName());
            immutable(
                    desired,
                    field + "accessModes",
                    before.getSpec().getAccessModes(),
                    after.getSpec().getAccessModes());
            int growth = Claims.bytes(Claims.size(after)).compareTo(Claims.bytes(Claims.size(before)));
            if (growth < 0) {
                throw new RefusedException(
                        "StorageCannotShrink",
                        "spec.storage.size: disks of " + Claims.size(before) + " cannot shrink to " + Claims.size(after)
                                + "; set it to at least " + Claims.size(before));
            }
            change = growth > 0 ? REPLACE : change;
        }
        return change;
    }

    private static List<String> names(StatefulSetSpec spec) {
        return spec.getVolumeClaimTemplates().stream()
                .map(claim -> claim.getMetadata().getName())
                .toList();
    }

    private static void immutable(StatefulSet desired, String field, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            throw new RefusedException(
                    "ImmutableField",
                    ServerSideApply.name(desired) + ": spec." + field + " is " + before + " and should be " + after
                            + ", but it cannot be changed while the pods and their data stay; set it back, or make a new"
                            + " StorageCluster and copy the data");
        }
    }
}
