package io.moorage.operator.naming;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.Moorage;
import java.util.Map;
import java.util.Objects;

/** What all custom resources have in common. */
public final class Resources {
    private Resources() {}

    /** Its annotation asks for it to be left as it is. */
    public static boolean paused(HasMetadata resource) {
        return "true".equals(annotations(resource).get(Moorage.PAUSE_ANNOTATION));
    }

    /** Never null. */
    public static Map<String, String> annotations(HasMetadata resource) {
        Map<String, String> annotations = resource.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    /** Never null. */
    public static Map<String, String> labels(HasMetadata resource) {
        Map<String, String> labels = resource.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    /**
     * Whether somebody changed what a resource asks for: its spec, its annotations, its finalizers, or that it is to be deleted;
     * false when only its status or what others keep in it is new.
     */
    public static boolean asksForSomethingElse(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getUid(), before.getMetadata().getUid())
                || !annotations(now).equals(annotations(before))
                || !Objects.equals(
                        now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp());
    }
}
