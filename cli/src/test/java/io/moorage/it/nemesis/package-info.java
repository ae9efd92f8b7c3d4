/** Breaks clusters by seeds while clients work, and holds what these saw against what was promised: see docs/reliability.md. */
package io.moorage.it.nemesis;
