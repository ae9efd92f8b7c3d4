package io.moorage.crds.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Map;

/** What the fields of Kubernetes' own types mean: the classes that they are generated from do not say it at run time. */
final class KubernetesTexts {
    private static final Map<String, String> RESOURCES = Map.of(
            "limits", "The most that a container may use, such as memory: 2Gi.",
            "requests", "What is set aside for a container, such as cpu: 500m. Left out: what limits says.",
            "claims", "Claims of dynamic resource allocation that the container uses.");
    private static final Map<String, String> TOLERATION = Map.of(
            "key", "The taint's key. Left out, with operator Exists: every taint.",
            "operator", "Exists, or Equal (the default).",
            "value", "The taint's value, with operator Equal.",
            "effect", "NoSchedule, PreferNoSchedule or NoExecute. Left out: every effect.",
            "tolerationSeconds", "With effect NoExecute: how long the pod stays. Left out: for ever.");
    private static final Map<String, String> SPREAD = Map.of(
            "maxSkew", "By how many pods two domains may differ.",
            "topologyKey", "Label of machines; those with the same value are one domain.",
            "whenUnsatisfiable", "DoNotSchedule, or ScheduleAnyway.",
            "labelSelector", "The pods that are counted. Left out: the storage nodes of this cluster.",
            "matchLabelKeys", "Keys of pod labels whose values are added to labelSelector.",
            "minDomains", "As if there were at least so many domains.",
            "nodeAffinityPolicy", "Honor or Ignore the pod's node affinity when domains are counted.",
            "nodeTaintsPolicy", "Honor or Ignore taints when domains are counted.");
    private static final Map<String, String> AFFINITY = Map.of(
            "nodeAffinity", "Machines, by their labels: kubectl explain pod.spec.affinity.nodeAffinity",
            "podAffinity", "Machines where certain pods run: kubectl explain pod.spec.affinity.podAffinity",
            "podAntiAffinity",
                    "Machines where certain pods do not run: kubectl explain pod.spec.affinity.podAntiAffinity");
    private static final Map<String, String> CONDITION = Map.of(
            "type", "Ready, Progressing or Degraded.",
            "status", "True, False or Unknown.",
            "reason", "Why, in one word for programs.",
            "message", "Why, in a sentence for people.",
            "lastTransitionTime", "When status last changed.",
            "observedGeneration", "metadata.generation of the spec that this condition is about.");

    /** By the name of the field, or of the list, that is of the type. */
    private static final Map<String, Map<String, String>> TEXTS = Map.of(
            "resources", RESOURCES,
            "tolerations", TOLERATION,
            "topologySpreadConstraints", SPREAD,
            "affinity", AFFINITY,
            "conditions", CONDITION,
            "imagePullSecrets", Map.of("name", "Name of the Secret."));

    private KubernetesTexts() {}

    static void describe(String field, JSONSchemaProps type) {
        TEXTS.getOrDefault(field, Map.of())
                .forEach((name, text) -> type.getProperties().get(name).setDescription(text));
    }
}
