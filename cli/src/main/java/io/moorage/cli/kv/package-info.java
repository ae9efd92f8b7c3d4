/** Commands about keys, changes and locks of a volume, over the REST API. */
package io.moorage.cli.kv;
