/** What clients do to a volume, each kind with a promise that its history is held against. */
package io.moorage.it.nemesis.workload;
