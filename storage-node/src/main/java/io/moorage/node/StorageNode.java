package io.moorage.node;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.moorage.node.checkpoint.Checkpoints;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.extent.Disk;
import io.moorage.node.extent.ExtentStoreOptions;
import io.moorage.node.identity.DirectoryException;
import io.moorage.node.identity.NodeIdentity;
import io.moorage.node.identity.StorageDirectory;
import io.moorage.node.peer.PeerChannels;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.ReplicaResources;
import io.moorage.node.rocks.RecentValues;
import io.moorage.node.rocks.RocksResources;
import io.moorage.node.scrub.Scrubber;
import io.moorage.node.service.CallThreads;
import io.moorage.node.service.ExtentServiceImpl;
import io.moorage.node.service.NodeServiceImpl;
import io.moorage.node.service.ReplicaServiceImpl;
import io.moorage.node.service.StoreServiceImpl;
import io.moorage.node.status.NodeDescription;
import io.moorage.node.status.SpaceWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One storage node: directory, Raft, services, housekeeping, put together and taken apart in order. */
public final class StorageNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StorageNode.class);
    private static final int MAX_MESSAGE_BYTES = 8 << 20;
    private static final long HAND_OVER_MS = 4000;
    /** One in so many bytes of the heap is for {@link RecentValues}. */
    private static final long RECENT_VALUES_SHARE = 32;

    private final NodeIdentity identity;
    private final RaftHost raft;
    private final NodeDescription description;
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;
    /** Closed in reverse. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private StorageNode(NodeConfig config, InstantSource clock, Disk disk) throws DirectoryException, IOException {
        try {
            StorageDirectory directory = part(StorageDirectory.open(
                    config.storage().directory(), config.node().name()));
            identity = directory.identity();
            SpaceWatch space = new SpaceWatch(directory, config.storage());
            RocksResources rocks = part(new RocksResources(
                    config.memory().blockCacheBytes(), config.memory().writeBufferBytes()));
            PeerChannels channels = part(new PeerChannels());
            // Handlers do not wait for others; few threads keep their caches warm. What waits goes to "call".
            ExecutorService handlers = pool("handler", handlerThreads(), 100_000);
            ExecutorService calls = pool("call", 64, 4096);
            // Transfers last as long as their receivers take: they must not hold up anything else.
            ExecutorService reads = pool("read", 64, 4096);
            ExecutorService syncer = pool("sync", 16, 4096);
            ExecutorService maintenance = pool("maintenance", 1, 100_000);
            ExecutorService transfers = pool("transfer", 2, 1024);
            ReplicaResources resources = new ReplicaResources(
                    rocks,
                    new RecentValues(Runtime.getRuntime().maxMemory() / RECENT_VALUES_SHARE),
                    new ExtentStoreOptions(
                            config.extents().directWrites(),
                            config.extents().fileBytes(),
                            256,
                            config.extents().readerGrace(),
                            config.extents().orphanGrace()),
                    clock,
                    calls,
                    pool("propose", 16, 100_000),
                    syncer,
                    disk,
                    maintenance,
                    transfers,
                    channels);
            Checkpoints checkpoints = part(new Checkpoints(directory.root().resolve("checkpoints")));
            raft = part(new RaftHost(config, directory, resources));
            raft.start();
            Scrubber scrubber = part(new Scrubber(
                    raft, directory.root().resolve("scrub.json"), config.scrub().bytesPerSecond(), clock));
            description = new NodeDescription(config, identity, space, scrubber::info, clock.millis());
            part(new NodeMetrics(
                    raft,
                    space,
                    scrubber,
                    new InetSocketAddress(
                            config.network().bind(), config.network().metricsPort())));
            part(new Housekeeping(raft, space, checkpoints, config)).start();
            scrubber.begin();
            server = NettyServerBuilder.forAddress(new InetSocketAddress(
                            config.network().bind(), config.network().servicePort()))
                    .directExecutor()
                    .callExecutor(new CallThreads(handlers))
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .flowControlWindow(1 << 20)
                    .permitKeepAliveTime(5, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addService(new StoreServiceImpl(raft, space, calls, handlers))
                    .addService(new ExtentServiceImpl(raft, space, clock, reads).definition())
                    .addService(new NodeServiceImpl(raft, description, scrubber, pool("admin", 16, 1024)))
                    .addService(new ReplicaServiceImpl(raft, checkpoints, reads))
                    .addService(health.getHealthService())
                    .build()
                    .start();
            health.setStatus("", ServingStatus.SERVING);
        } catch (DirectoryException | IOException | RuntimeException e) {
            closeParts();
            throw e;
        }
    }

    /**
     * Starts a node; when this returns it serves.
     *
     * @throws DirectoryException the storage directory cannot be used
     * @throws IOException a port is taken, or the disk failed
     */
    public static StorageNode start(NodeConfig config) throws DirectoryException, IOException {
        return start(config, InstantSource.system(), Disk.SYSTEM);
    }

    /**
     * Starts a node with a clock and a disk of its own.
     *
     * @param clock what entries are stamped with; it may jump: nothing expires by it
     * @param disk makes its extent files durable
     */
    public static StorageNode start(NodeConfig config, InstantSource clock, Disk disk)
            throws DirectoryException, IOException {
        StorageNode node = new StorageNode(config, clock, disk);
        LOG.info(
                "node {} serves on port {}, Raft on port {}, data in {}",
                node.identity.id(),
                config.network().servicePort(),
                config.network().raftPort(),
                config.storage().directory());
        return node;
    }

    private static int handlerThreads() {
        return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    }

    public NodeIdentity identity() {
        return identity;
    }

    /** Hands leadership over, finishes the calls that are under way, makes everything durable, and stops. */
    @Override
    public void close() {
        LOG.info("node {} stops", identity.id());
        description.stopping();
        health.enterTerminalState();
        raft.handOverLeadership(HAND_OVER_MS);
        server.shutdown();
        try {
            if (!server.awaitTermination(3, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeParts();
        LOG.info("node {} has stopped", identity.id());
    }

    private void closeParts() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part did not close cleanly", e);
            }
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** Threads that come and go; what does not fit the queue is refused, and its caller told so. */
    private ExecutorService pool(String name, int threads, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        part(() -> {
            pool.shutdownNow();
            pool.awaitTermination(5, TimeUnit.SECONDS);
        });
        return pool;
    }
}
