package io.moorage.operator.naming;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.client.GroupId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Ids of groups, which follow from what they are for, so that making one twice makes one. */
public final class GroupIds {
    private GroupIds() {}

    /** The n-th group of a cluster's pool. A cluster that is made again under its name over its old disks finds them again. */
    public static GroupId ofPool(HasMetadata cluster, int replicas, int ordinal) {
        return named("group/" + cluster.getMetadata().getNamespace() + "/"
                + cluster.getMetadata().getName() + "/" + replicas + "/" + ordinal);
    }

    private static GroupId named(String name) {
        return new GroupId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
