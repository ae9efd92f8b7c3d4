/** Durable readers of a volume's changes: named cursors, and webhooks that the changes are delivered to. */
package io.moorage.api.feed;
