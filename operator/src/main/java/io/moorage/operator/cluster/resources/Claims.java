package io.moorage.operator.cluster.resources;

/** Words of PersistentVolumeClaims. */
final class Claims {
    static final String STORAGE = "storage";

    private Claims() {}
}
