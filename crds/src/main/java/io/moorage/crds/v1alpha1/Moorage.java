package io.moorage.crds.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/** Names that all custom resources share. */
public final class Moorage {
    public static final String GROUP = "moorage.io";
    public static final String VERSION = "v1alpha1";
    /** {@code kubectl get moorage} lists all of them. */
    public static final String CATEGORY = "moorage";

    /** Condition types of every resource; each has status True, False or Unknown, a reason and a message. */
    public static final String READY = "Ready";

    public static final String PROGRESSING = "Progressing";
    public static final String DEGRADED = "Degraded";

    /** Reason of a Ready condition that is False because the running version cannot do what the spec asks for. */
    public static final String NOT_SUPPORTED = "NotSupported";

    /** Annotation: with the value "true" the operator leaves the resource as it is until the annotation is gone. */
    public static final String PAUSE_ANNOTATION = "moorage.io/pause";

    /** Annotation of a StorageUser: a new value asks for new keys. */
    public static final String ROTATE_ANNOTATION = "moorage.io/rotate";

    /** Where the definitions are on the class path: {@code plural.moorage.io.yaml} in this directory. */
    public static final String DEFINITIONS = "/io/moorage/crds/";

    private Moorage() {}

    /** All resource types, in the order in which their definitions are applied. */
    public static List<Class<? extends CustomResource<?, ?>>> resources() {
        return List.of(StorageCluster.class, Volume.class, Snapshot.class, Backup.class, StorageUser.class);
    }
}
