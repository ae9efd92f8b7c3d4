/**
 * The control plane where Kubernetes is: volumes and nodes are changed by changing custom resources of one namespace, and found by
 * their status. The operator does the rest.
 */
package io.moorage.api.kubernetes;
