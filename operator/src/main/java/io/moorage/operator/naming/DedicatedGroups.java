package io.moorage.operator.naming;

import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.Isolation;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The groups of volumes that have one for themselves. */
public final class DedicatedGroups {
    private DedicatedGroups() {}

    public static boolean wants(Volume volume) {
        return volume.getSpec().isolation() == Isolation.DEDICATED;
    }

    /**
     * The group that a volume with isolation Dedicated lives in or will live in. It follows from the volume's uid, unless the
     * volume took up data that was in another group already.
     */
    public static GroupId id(Volume volume) {
        if (volume.getStatus() != null && volume.getStatus().group() != null) {
            return GroupId.parse(volume.getStatus().group());
        }
        String uid = volume.getMetadata().getUid();
        return new GroupId(UUID.nameUUIDFromBytes(("volume/" + uid).getBytes(StandardCharsets.UTF_8)));
    }
}
