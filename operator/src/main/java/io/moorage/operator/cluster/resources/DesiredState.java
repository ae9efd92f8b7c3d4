package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * An object as it should be. Immutable, as long as nobody changes the object.
 *
 * @param name the same for the same state, within this process
 */
public record DesiredState(HasMetadata object, String name) {
    /** Takes some time: all of the object is written out. */
    public static DesiredState of(HasMetadata object) {
        return new DesiredState(object, Hashes.of(Serialization.asJson(object)));
    }
}
