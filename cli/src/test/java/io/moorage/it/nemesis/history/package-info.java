/** What clients did and saw, and what was done to the cluster meanwhile. */
package io.moorage.it.nemesis.history;
