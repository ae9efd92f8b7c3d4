package io.moorage.operator.volume;

import io.moorage.crds.v1alpha1.StorageCluster;

/** The engines of all storage clusters. Thread-safe. */
@FunctionalInterface
public interface Engines {
    Engine of(StorageCluster cluster);
}
