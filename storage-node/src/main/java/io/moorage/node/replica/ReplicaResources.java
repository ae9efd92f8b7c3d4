package io.moorage.node.replica;

import com.google.protobuf.ByteString;
import io.moorage.node.extent.Disk;
import io.moorage.node.extent.ExtentStoreOptions;
import io.moorage.node.peer.PeerChannels;
import io.moorage.node.rocks.RecentValues;
import io.moorage.node.rocks.RocksResources;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * What all replicas of a node share.
 *
 * @param recent entries that were read or written lately
 * @param calls carries out reads
 * @param proposals hands commands to Raft
 * @param syncer runs syncs of extent files
 * @param disk carries them out
 * @param maintenance one thread: audits, freeing, dropping
 * @param transfers copies states and extents from other nodes
 */
public record ReplicaResources(
        RocksResources rocks,
        RecentValues recent,
        ExtentStoreOptions extentOptions,
        InstantSource clock,
        Executor calls,
        Executor proposals,
        Executor syncer,
        Disk disk,
        Executor maintenance,
        Executor transfers,
        PeerChannels channels) {

    /** A group id as it goes over the wire. */
    public ByteString groupBytes(UUID group) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(group.getMostSignificantBits())
                .putLong(group.getLeastSignificantBits())
                .flip());
    }
}
