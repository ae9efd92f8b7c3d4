/** Whether histories are possible: linearizability, and what else each workload promises. */
package io.moorage.it.nemesis.check;
