/** What a {@link io.moorage.crds.v1alpha1.Snapshot} asks for, and how it is doing. */
package io.moorage.crds.v1alpha1.snapshot;
