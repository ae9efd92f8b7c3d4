/** A cluster of real processes that can be broken in many ways, and the ways. */
package io.moorage.it.nemesis.fault;
