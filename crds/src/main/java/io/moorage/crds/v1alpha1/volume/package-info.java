/** What a {@link io.moorage.crds.v1alpha1.Volume} asks for, and how it is doing. */
package io.moorage.crds.v1alpha1.volume;
