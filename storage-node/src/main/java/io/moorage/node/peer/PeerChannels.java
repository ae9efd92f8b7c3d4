package io.moorage.node.peer;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Connections to other nodes' services, one per address, idle ones closed by themselves. Thread-safe. */
public final class PeerChannels implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 8 << 20;

    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    /** @param address host:port */
    public ManagedChannel to(String address) {
        return channels.computeIfAbsent(
                address,
                target -> NettyChannelBuilder.forTarget(target)
                        .usePlaintext()
                        .idleTimeout(2, TimeUnit.MINUTES)
                        .keepAliveTime(20, TimeUnit.SECONDS)
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .build());
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
