package io.moorage.client.control;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What the `system` volume says of a volume, as JSON under `volumes/{name}`.
 *
 * @param volumeId 0 until the volume was made in its group
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record CatalogRecord(String group, long volumeId, int replicas, String state) {
    static final String CREATING = "creating";
    static final String READY = "ready";
    static final String DELETING = "deleting";

    CatalogRecord with(long id, String newState) {
        return new CatalogRecord(group, id, replicas, newState);
    }
}
