/**
 * What Kubernetes objects a StorageCluster consists of. Desired states are pure functions of the custom resource and of
 * {@link io.moorage.operator.cluster.resources.ResourceInputs}; {@link io.moorage.operator.cluster.resources.Applier} is the one
 * class that talks to Kubernetes about them.
 */
package io.moorage.operator.cluster.resources;
