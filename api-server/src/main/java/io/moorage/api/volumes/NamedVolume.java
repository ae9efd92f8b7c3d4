package io.moorage.api.volumes;

import io.moorage.api.http.Problem;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.ControlPlane;
import io.moorage.protocol.v1.ErrorCode;

/** The volume that a request names. */
public final class NamedVolume {
    private NamedVolume() {}

    /** @throws Problem 404 if there is none of this name; the one that the cluster keeps its own records in is nobody's */
    public static VolumeRef find(ControlPlane plane, String name) {
        if (name.equals(VolumeRef.SYSTEM)) {
            throw new Problem(
                    404, "volume-not-found", "the volume '" + name + "' holds the cluster's own records; name another");
        }
        return plane.resolve(name)
                .orElseThrow(
                        () -> new Problem(404, "volume-not-found", "there is no volume '" + name + "'; make it first"));
    }

    /** The one that the cluster keeps its own records in. @throws MoorageException UNAVAILABLE while nobody says where it is */
    public static VolumeRef system(ControlPlane plane) {
        return plane.resolve(VolumeRef.SYSTEM)
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                        "no node says where the cluster's own records are (users, cursors, webhooks): it starts, or too many"
                                + " nodes are away; try again"));
    }
}
