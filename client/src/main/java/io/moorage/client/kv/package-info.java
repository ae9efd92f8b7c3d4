/** A volume's entries as keys and values: transactions, leases, locks, elections, and the changes of a volume. */
package io.moorage.client.kv;
