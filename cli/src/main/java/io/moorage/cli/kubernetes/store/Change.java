package io.moorage.cli.kubernetes.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Something has changed.
 *
 * @param version resource version that it made
 * @param before null: it is new
 * @param after null: it is gone
 */
public record Change(long version, Key key, ObjectNode before, ObjectNode after) {}
