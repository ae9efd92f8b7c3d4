package io.moorage.node.raft;

import io.moorage.node.config.NodeConfig;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up, and why. */
public final class RaftSettings {
    /** Bytes of one log entry, at most: a batch of commands, or one large command. */
    static final int MAX_ENTRY_BYTES = 6 << 20;

    private RaftSettings() {}

    /** Of the Netty that Ratis brings: it notes where one buffer in a hundred went, which is for tests. */
    public static void stopWatchingForLeaks() {
        org.apache.ratis.thirdparty.io.netty.util.ResourceLeakDetector.setLevel(
                org.apache.ratis.thirdparty.io.netty.util.ResourceLeakDetector.Level.DISABLED);
    }

    static RaftProperties of(NodeConfig config, Path logs, Path removed) {
        RaftProperties p = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(p, List.of(logs.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(p, new File(removed.toString()));
        // Free space is watched by the node itself, which refuses politely long before.
        RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.valueOf(0));

        RaftConfigKeys.Rpc.setType(p, new RaftRpc());
        GrpcConfigKeys.Server.setHost(p, config.network().bind());
        GrpcConfigKeys.Server.setPort(p, config.network().raftPort());
        GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf("16MB"));
        // Of the largest ones, less than a follower's log has room for in its queue: a full one holds up all who read
        // the log.
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(p, 8);

        // After a pause of a minute (a laptop slept, a virtual machine was moved) Ratis would close for good while the
        // process lives on. It need not: its log says what is so, and others may lead by now.
        RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(100 * 365, TimeUnit.DAYS));

        // The lease is at most 200 ms shorter than the time after which another leader may be elected.
        TimeDuration min = TimeDuration.valueOf(config.raft().electionTimeout().toMillis(), TimeUnit.MILLISECONDS);
        TimeDuration max = min.add(200, TimeUnit.MILLISECONDS);
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, max);
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, TimeDuration.valueOf(10, TimeUnit.SECONDS));
        RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        RaftServerConfigKeys.Notification.setNoLeaderTimeout(p, TimeDuration.valueOf(30, TimeUnit.SECONDS));
        RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(p, true);
        RaftServerConfigKeys.Read.setTimeout(p, TimeDuration.valueOf(5, TimeUnit.SECONDS));

        RaftServerConfigKeys.Log.setSegmentSizeMax(
                p, SizeInBytes.valueOf(config.raft().logSegmentBytes()));
        // Would follow each entry with another one that says that it is committed. Proposer announces that when nothing
        // follows.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        // A follower that composes its appends answers "appended" to entries that it drops, when others with the same
        // index are being
        // synced: those of a leader before, too. It also syncs each request by itself, and goes through two more
        // threads.
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(p, false);
        RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf("48MB"));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(MAX_ENTRY_BYTES + (64 << 10)));
        RaftServerConfigKeys.Log.setQueueByteLimit(p, SizeInBytes.valueOf("64MB"));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(MAX_ENTRY_BYTES));
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
        RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("64MB"));

        // A member that is away must not fill the others' disks: the log goes once a snapshot covers it.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, config.raft().preserveLogEntries());
        RaftServerConfigKeys.Log.setPurgeGap(p, 128);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, false);
        // Not by Ratis' count, but when the state is durable: see FlushAhead. It has to be on for the one when a group
        // stops.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, Long.MAX_VALUE);
        RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(p, false);

        // Requests come from within this process and are never repeated; sessions of our own make retries safe.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(5, TimeUnit.SECONDS));
        RaftServerConfigKeys.setStagingCatchupGap(p, 10_000);
        RaftServerConfigKeys.setStagingTimeout(p, TimeDuration.valueOf(30, TimeUnit.SECONDS));
        RaftServerConfigKeys.Watch.setTimeout(p, TimeDuration.valueOf(10, TimeUnit.SECONDS));
        return p;
    }
}
