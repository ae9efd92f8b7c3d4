package io.moorage.api.volumes;

import io.moorage.api.http.Problem;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.ControlPlane;

/** The volume that a request names. */
public final class NamedVolume {
    private NamedVolume() {}

    /** @throws Problem 404 if there is none of this name; the one that the cluster keeps its own records in is nobody's */
    public static VolumeRef find(ControlPlane plane, String name) {
        if (name.equals(VolumeRef.SYSTEM)) {
            throw new Problem(
                    404, "volume-not-found", "the volume '" + name + "' holds the cluster's own records; name another");
        }
        return require(plane, name);
    }

    /** The one that the cluster keeps its own records in. @throws Problem 404 while it is not known */
    public static VolumeRef system(ControlPlane plane) {
        return require(plane, VolumeRef.SYSTEM);
    }

    private static VolumeRef require(ControlPlane plane, String name) {
        return plane.resolve(name)
                .orElseThrow(
                        () -> new Problem(404, "volume-not-found", "there is no volume '" + name + "'; make it first"));
    }
}
