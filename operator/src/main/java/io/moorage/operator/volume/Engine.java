package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.List;

/**
 * What the storage nodes of one cluster are asked about volumes and snapshots. Thread-safe. Calls block for at most 3 s and throw
 * {@link io.moorage.client.MoorageException}: UNAVAILABLE when no majority answers.
 */
public interface Engine {

    /** What each storage node says of itself and its replicas; one view for each that is known. Does not throw. */
    List<NodeView> describe();

    /** All volumes of a group. @param consistency STRONG: certainly as they are now; EVENTUAL: as any replica knows them */
    List<Volume> volumes(GroupId group, Consistency consistency);

    /** Makes a volume; one of that name that is there already is taken up as it is. */
    Volume create(GroupId group, VolumeSpec spec);

    /** PRECONDITION_FAILED unless the volume's version is the expected one. */
    Volume update(GroupId group, long volume, VolumeSpec spec, long expectedVersion);

    /** NOT_EMPTY if something is in it and not forced, VOLUME_NOT_FOUND if it is gone. */
    void delete(GroupId group, long volume, boolean force);

    /** Pins the volume's state as it is now; a pin of that name that is there already is taken up. VOLUME_NOT_FOUND. */
    Pin pin(GroupId group, long volume, String name);

    /** Releases a pin. One that is not there, or whose volume is not, is no error. */
    void release(GroupId group, long volume, String name);
}
