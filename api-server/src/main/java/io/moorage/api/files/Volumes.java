package io.moorage.api.files;

import io.moorage.api.http.Problem;
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

    /** @throws Problem 404 if there is no such volume; the one that the cluster keeps its own records in is nobody's */
    public VolumeStore store(String volume) {
        if (volume.equals(VolumeRef.SYSTEM)) {
            throw new Problem(
                    404,
                    "volume-not-found",
                    "the volume '" + volume + "' holds the cluster's own records; name another");
        }
        return resolve(volume);
    }

    /** For the cluster's own records. @throws Problem 404 while it is not known */
    public VolumeStore system() {
        return resolve(VolumeRef.SYSTEM);
    }

    private VolumeStore resolve(String volume) {
        return plane.resolve(volume)
                .map(stores)
                .orElseThrow(() ->
                        new Problem(404, "volume-not-found", "there is no volume '" + volume + "'; make it first"));
    }
}
