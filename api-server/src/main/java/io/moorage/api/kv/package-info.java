/** Keys, leases, changes and the log of volumes over HTTP. */
package io.moorage.api.kv;
