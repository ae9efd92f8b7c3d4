package io.moorage.client;

import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeAdmin;
import io.moorage.client.call.ChangeCalls;
import io.moorage.client.call.GroupCalls;
import io.moorage.client.kv.GroupKv;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.LeaseKeeper;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.transfer.ContentWriter;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ListVolumesRequest;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.Volume;
import java.util.List;

/**
 * The one way into a cluster of storage nodes: finds leaders, routes, retries, streams. Thread-safe; one for a process is
 * enough. Calls block.
 */
public final class MoorageClient implements AutoCloseable {
    private static final int READ_PIECES = 256;

    private final NodeChannels channels;
    private final NodeAdmin admin;
    private final GroupDirectory directory;
    private final GroupCalls calls;
    private final ContentWriter writer;
    private final ReaderPins pins;
    private final ChangeCalls changes;
    private final LeaseKeeper leases = new LeaseKeeper();

    /**
     * @param nodes host:port of the services of some or all storage nodes
     * @param maxUploads bodies longer than 64 KiB under way at once; each takes about 2 MiB of memory. Downloads share 128 MiB.
     */
    public MoorageClient(List<String> nodes, int maxUploads) {
        this(nodes, maxUploads, READ_PIECES);
    }

    /**
     * @param maxUploads as above
     * @param readPieces pieces of half a MiB that were asked for and not read yet, of all downloads together; at least 4
     */
    public MoorageClient(List<String> nodes, int maxUploads, int readPieces) {
        this.channels = new NodeChannels(readPieces);
        this.admin = new NodeAdmin(nodes, channels);
        this.directory = new GroupDirectory(admin);
        this.calls = new GroupCalls(channels, directory);
        this.writer = new ContentWriter(channels, directory, maxUploads);
        this.pins = new ReaderPins(calls);
        this.changes = new ChangeCalls(channels, directory);
    }

    public VolumeStore store(VolumeRef volume) {
        return new GroupVolumeStore(volume, calls, directory, channels, writer, pins, false);
    }

    /** The keys of a volume. */
    public Kv kv(VolumeRef volume) {
        return new GroupKv(volume, calls, changes, store(volume), leases);
    }

    public ClusterAdmin admin() {
        return admin;
    }

    /** Carries out a command about volumes, once. @throws MoorageException also for what the group refused */
    public Result submit(GroupId group, Command command, CallOptions options) {
        return calls.submit(group, command, options);
    }

    /** The volumes of a group. */
    public List<Volume> volumes(GroupId group, CallOptions options) {
        CallOptions effective = options.withDefaultConsistency(Consistency.CONSISTENCY_QUORUM);
        return calls.listVolumes(group, ListVolumesRequest.newBuilder(), effective)
                .getVolumesList();
    }

    @Override
    public void close() {
        leases.close();
        pins.close();
        changes.close();
        calls.close();
        channels.close();
    }
}
