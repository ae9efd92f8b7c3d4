package io.moorage.client.control;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What the `system` volume says of a node, as JSON under `nodes/{name}`.
 *
 * @param address host:port of a node that was registered; "" for those from the configuration
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record NodeRecord(String address, boolean cordoned, boolean draining) {
    static final NodeRecord NONE = new NodeRecord("", false, false);
}
