package io.moorage.it.nemesis.fault;

import io.moorage.testing.FreePorts;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The network between the nodes and their clients: every party reaches every node through a proxy of its own, which holds up, delays,
 * loses or resets what goes along it, each direction for itself. Each party knows the nodes by the same names and ports, and by other
 * loopback addresses. Thread-safe.
 */
public final class Network implements AutoCloseable {
    private static final int PORTS = 2;

    private final int nodes;
    private final int[][] ports;
    private final Direction[][] directions;
    private final List<Channel> listeners = new ArrayList<>();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    /** Parties 0 to nodes - 1 are nodes, and {@link #clients()} all the clients. */
    public Network(int nodes) throws IOException {
        this.nodes = nodes;
        this.ports = new int[nodes][PORTS];
        this.directions = new Direction[nodes + 1][nodes + 1];
        for (int from = 0; from <= nodes; from++) {
            for (int to = 0; to <= nodes; to++) {
                directions[from][to] = new Direction();
            }
        }
        for (int node = 0; node < nodes; node++) {
            for (int port = 0; port < PORTS; port++) {
                ports[node][port] = FreePorts.one();
                for (int from = 0; from <= nodes; from++) {
                    listen(from, node, ports[node][port]);
                }
            }
        }
    }

    public int clients() {
        return nodes;
    }

    public static String name(int node) {
        return "node-" + node + ".nemesis";
    }

    /** Where the node itself listens. */
    public String ownAddress(int node) {
        return "127.78.0." + (node + 1);
    }

    /** Where a party finds a node. */
    public String address(int from, int to) {
        return "127.77." + (from + 1) + "." + (to + 1);
    }

    public int servicePort(int node) {
        return ports[node][0];
    }

    public int raftPort(int node) {
        return ports[node][1];
    }

    /** Names and addresses for one party, in the format of hosts(5). */
    public String hosts(int from) {
        StringBuilder hosts = new StringBuilder("127.0.0.1 localhost " + ownName() + "\n");
        for (int node = 0; node < nodes; node++) {
            hosts.append(address(from, node)).append(' ').append(name(node)).append('\n');
        }
        return hosts.toString();
    }

    /** Of this machine, as far as it has one that can be looked up. */
    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost.localdomain";
        }
    }

    private void listen(int from, int to, int port) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                // Closed means reset.
                .childOption(ChannelOption.SO_LINGER, 0)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        connect(from, to, port, context.channel());
                    }
                })
                .bind(address(from, to), port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address(from, to) + ":" + port, bound.cause());
        }
        listeners.add(bound.channel());
    }

    /** Opening a connection takes both directions. */
    private void connect(int from, int to, int port, Channel front) {
        Direction there = directions[from][to];
        Direction back = directions[to][from];
        there.whenOpen(() -> back.whenOpen(() -> new Bootstrap()
                .group(front.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_LINGER, 0)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(ownAddress(to), port)
                .addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        front.close();
                        return;
                    }
                    Channel rear = connected.channel();
                    there.opened(front);
                    front.pipeline().addLast(new Pump(there, rear));
                    rear.pipeline().addLast(new Pump(back, front));
                    front.read();
                    rear.read();
                })));
    }

    /** Nothing goes from one party to another, until it is healed. */
    public void block(int from, int to) {
        directions[from][to].block();
    }

    public void unblock(int from, int to) {
        directions[from][to].unblock();
    }

    /** @param millis later than sent; 0 = at once */
    public void delay(int from, int to, int millis) {
        directions[from][to].delay(millis);
    }

    /** @param probability that a piece is lost, and sent again later; 0 = none is */
    public void lose(int from, int to, double probability) {
        directions[from][to].lose(probability);
    }

    /** Ends the connections between two parties. */
    public void reset(int one, int other) {
        directions[one][other].reset();
        directions[other][one].reset();
    }

    /** Nothing is held up, delayed or lost any more. */
    public void heal() {
        everyDirection(direction -> {
            direction.delay(0);
            direction.lose(0);
        });
        everyDirection(Direction::unblock);
    }

    private void everyDirection(Consumer<Direction> action) {
        for (Direction[] row : directions) {
            for (Direction direction : row) {
                action.accept(direction);
            }
        }
    }

    @Override
    public void close() {
        listeners.forEach(Channel::close);
        everyDirection(Direction::reset);
        loops.shutdownGracefully().awaitUninterruptibly(5000);
    }
}
