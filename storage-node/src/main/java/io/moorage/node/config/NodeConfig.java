package io.moorage.node.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything a storage node can be told, with its defaults. Immutable. Key names in YAML are the component names in kebab-case
 * ("network.service-port"); the environment variable of a key is MOORAGE_ and the key in capitals with underscores
 * (MOORAGE_NETWORK_SERVICE_PORT).
 */
public record NodeConfig(
        Node node, Storage storage, Network network, Raft raft, Memory memory, Extents extents, Scrub scrub) {

    /**
     * @param name stable name of the node, a DNS label (the pod's name)
     * @param zone failure domain, or ""
     */
    public record Node(String name, String zone) {}

    /**
     * @param directory where everything is kept; one node at a time owns it
     * @param reserveBytes with less free space than this the node refuses new data (deletes and reads go on)
     */
    public record Storage(Path directory, long reserveBytes) {}

    /**
     * @param host the address that other nodes and clients reach this node at
     * @param bind the address to listen on
     */
    public record Network(String host, String bind, int servicePort, int raftPort, int metricsPort) {}

    /**
     * @param electionTimeout a follower that hears nothing for this long (up to 200 ms more) stands for election
     * @param snapshotLogBytes a Raft snapshot is taken after this many bytes of log
     * @param snapshotLogEntries ... or after this many entries
     * @param preserveLogEntries entries kept before the snapshot for followers that were away
     * @param logSegmentBytes of a file of the log
     * @param maxBatchCommands that share a log entry, and its sync
     * @param maxBatchBytes past which a batch takes no more commands
     * @param maxInFlightBatches batches of commands that a leader has under way per group
     * @param maxQueuedBytes commands waiting for a batch, per group; past it callers are told to slow down
     */
    public record Raft(
            Duration electionTimeout,
            long snapshotLogBytes,
            long snapshotLogEntries,
            long preserveLogEntries,
            long logSegmentBytes,
            int maxBatchCommands,
            int maxBatchBytes,
            int maxInFlightBatches,
            long maxQueuedBytes) {}

    /**
     * @param blockCacheBytes RocksDB block cache of all groups together
     * @param writeBufferBytes RocksDB memtables of all groups together
     */
    public record Memory(long blockCacheBytes, long writeBufferBytes) {}

    /**
     * @param fileBytes an extent file is closed at this size
     * @param readerGrace freed extents stay readable for this long
     * @param orphanGrace extents whose entry was never committed are kept for this long
     * @param auditInterval how often a replica compares its extents with its state
     * @param directWrites data is written past the page cache where the file system can do that
     */
    public record Extents(
            long fileBytes, Duration readerGrace, Duration orphanGrace, Duration auditInterval, boolean directWrites) {}

    /** @param bytesPerSecond a scrub reads no more than this */
    public record Scrub(long bytesPerSecond) {}
}
