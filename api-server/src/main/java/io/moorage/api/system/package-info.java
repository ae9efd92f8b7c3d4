/** What API servers keep for themselves: small records in the cluster's `system` volume. */
package io.moorage.api.system;
