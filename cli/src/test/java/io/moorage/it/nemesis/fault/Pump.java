package io.moorage.it.nemesis.fault;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/** Takes what comes in on one connection to the other one, a piece at a time, as its direction allows. */
final class Pump extends ChannelInboundHandlerAdapter {
    private final Direction direction;
    private final Channel to;

    Pump(Direction direction, Channel to) {
        this.direction = direction;
        this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        int delay = direction.delayMillis();
        if (delay == 0) {
            forward(context.channel(), message);
        } else {
            context.executor().schedule(() -> forward(context.channel(), message), delay, TimeUnit.MILLISECONDS);
        }
    }

    private void forward(Channel from, Object message) {
        direction.whenOpen(() -> to.writeAndFlush(message).addListener(written -> {
            if (written.isSuccess()) {
                direction.whenOpen(from::read);
            } else {
                from.close();
            }
        }));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        direction.whenOpen(to::close);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
