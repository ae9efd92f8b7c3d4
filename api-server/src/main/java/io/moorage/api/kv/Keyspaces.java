package io.moorage.api.kv;

import io.moorage.api.http.Problem;
import io.moorage.api.volumes.NamedVolume;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.kv.Kv;
import java.util.function.Function;

/** Finds the keys of a volume by its name. Thread-safe. */
public final class Keyspaces {
    private final ControlPlane plane;
    private final Function<VolumeRef, Kv> keys;

    public Keyspaces(ControlPlane plane, Function<VolumeRef, Kv> keys) {
        this.plane = plane;
        this.keys = keys;
    }

    /** @throws Problem 404 if there is no such volume */
    public Kv of(String volume) {
        return keys.apply(ref(volume));
    }

    /** @throws Problem 404 if there is no such volume */
    public VolumeRef ref(String volume) {
        return NamedVolume.find(plane, volume);
    }

    public ControlPlane plane() {
        return plane;
    }

    public Function<VolumeRef, Kv> keys() {
        return keys;
    }
}
