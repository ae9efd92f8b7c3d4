package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a StatefulSet away from around its pods, which go on running, as "kubectl delete --cascade=orphan" does. Applying the
 * desired one then takes them up again. Each call makes one step, found from what is in Kubernetes, so that another process can
 * go on in the middle.
 */
final class StatefulSetReplacement {
    private static final Logger LOG = LoggerFactory.getLogger(StatefulSetReplacement.class);
    private static final String RETAIN = "Retain";

    private StatefulSetReplacement() {}

    /**
     * @param actual as Kubernetes, not a cache, has it
     * @param claims of the cluster's storage nodes, as Kubernetes has them
     */
    static Outcome step(KubernetesClient client, StatefulSet actual, List<PersistentVolumeClaim> claims) {
        String name = actual.getMetadata().getName();
        // Claims that the StatefulSet owns would be collected with it. It gives them up first, and is seen to have done
        // so.
        if (deletesClaims(actual)) {
            client.resource(actual)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"" + RETAIN
                                    + "\"}}}");
            return Outcome.waiting("StatefulSet " + name + " is told to keep the claims, before it is made anew");
        }
        boolean observed = actual.getStatus() != null
                && Objects.equals(
                        actual.getStatus().getObservedGeneration(),
                        actual.getMetadata().getGeneration());
        if (!observed || claims.stream().anyMatch(claim -> owns(actual, claim))) {
            return Outcome.waiting("StatefulSet " + name + " has to give up the claims, before it is made anew");
        }
        LOG.info("StatefulSet {} is made anew around its pods, because its claims grow", name);
        client.resource(actual)
                .withPropagationPolicy(DeletionPropagation.ORPHAN)
                .delete();
        return Outcome.waiting("StatefulSet " + name + " is made anew around its pods, because its claims grow");
    }

    private static boolean deletesClaims(StatefulSet actual) {
        var policy = actual.getSpec().getPersistentVolumeClaimRetentionPolicy();
        return policy != null && policy.getWhenDeleted() != null && !RETAIN.equals(policy.getWhenDeleted());
    }

    private static boolean owns(StatefulSet actual, PersistentVolumeClaim claim) {
        return claim.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> actual.getMetadata().getUid().equals(owner.getUid()));
    }
}
