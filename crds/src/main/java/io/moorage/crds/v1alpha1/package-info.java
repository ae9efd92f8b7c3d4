/**
 * The custom resources of group {@code moorage.io}, version {@code v1alpha1}, and what they share. Specs and statuses are
 * immutable records with generated builders; what a spec leaves out has its default here as well as in the schema, so that
 * code sees the same resource whether or not a server filled it in.
 *
 * <p>The schema, its rules and {@code kubectl explain} texts are generated from the annotations.
 */
package io.moorage.crds.v1alpha1;
