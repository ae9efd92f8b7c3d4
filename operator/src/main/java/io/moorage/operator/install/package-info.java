/** Programs that the chart runs once: definitions of the custom resources at install and upgrade, and {@code helm test}. */
package io.moorage.operator.install;
