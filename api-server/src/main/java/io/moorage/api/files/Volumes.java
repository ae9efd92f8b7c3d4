package io.moorage.api.files;

import io.moorage.api.http.Problem;
import io.moorage.api.volumes.NamedVolume;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.ControlPlane;
import java.util.function.Function;

/** Finds the store of a volume by its name. Thread-safe. */
public final class Volumes {
    private final ControlPlane plane;
    private final Function<VolumeRef, VolumeStore> stores;

    public Volumes(ControlPlane plane, Function<VolumeRef, VolumeStore> stores) {
        this.plane = plane;
        this.stores = stores;
    }

    /** @throws Problem 404 if there is no such volume */
    public VolumeStore store(String volume) {
        return stores.apply(NamedVolume.find(plane, volume));
    }

    /** For the cluster's own records. @throws io.moorage.client.MoorageException UNAVAILABLE while nobody says where it is */
    public VolumeStore system() {
        return stores.apply(NamedVolume.system(plane));
    }
}
