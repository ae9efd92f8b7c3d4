package io.moorage.client.wire;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Connections to storage nodes: one per address for calls, and another one for bulk bytes, behind which no call has to wait.
 * Thread-safe.
 */
public final class NodeChannels implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 8 << 20;
    private static final int WINDOW_BYTES = 1 << 20;
    /** Netty's own marks are 32 and 64 KiB: with frames of 16 KiB it would stop and go on all the time. */
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, ManagedChannel> bulk = new ConcurrentHashMap<>();
    private final ReadBudget readBudget;

    /** @param readPieces see {@link ReadBudget} */
    public NodeChannels(int readPieces) {
        this.readBudget = new ReadBudget(readPieces);
    }

    /** @param address host:port */
    public ManagedChannel to(String address) {
        return channels.computeIfAbsent(address, NodeChannels::open);
    }

    /**
     * For extents.
     *
     * @param address host:port
     */
    public ManagedChannel bulk(String address) {
        return bulk.computeIfAbsent(address, NodeChannels::open);
    }

    /** What may come in over the connections for bulk bytes. */
    public ReadBudget readBudget() {
        return readBudget;
    }

    private static ManagedChannel open(String address) {
        return NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                // Retries are ours to make, and gRPC's would keep copies of what streams send.
                .disableRetry()
                // What answers call here only notes and wakes; another thread would cost more than it does.
                .directExecutor()
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .flowControlWindow(WINDOW_BYTES)
                .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    /**
     * The same, and if the node could not be reached lately it is tried at once: gRPC itself would wait for up to two minutes
     * after a node was away for long.
     */
    public ManagedChannel retrying(String address) {
        ManagedChannel channel = to(address);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        return channel;
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        bulk.values().forEach(ManagedChannel::shutdownNow);
    }
}
