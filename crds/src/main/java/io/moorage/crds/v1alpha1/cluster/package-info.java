/** What a {@link io.moorage.crds.v1alpha1.StorageCluster} asks for, and how it is doing. */
package io.moorage.crds.v1alpha1.cluster;
