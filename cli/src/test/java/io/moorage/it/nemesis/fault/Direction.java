package io.moorage.it.nemesis.fault;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One way from one party to another: what goes along it may be held up or delayed. Thread-safe. */
final class Direction {
    private final List<Runnable> waiting = new ArrayList<>();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private boolean blocked;
    private volatile int delayMillis;

    int delayMillis() {
        return delayMillis;
    }

    void delay(int millis) {
        delayMillis = millis;
    }

    synchronized void block() {
        blocked = true;
    }

    /** What was held up goes on: as TCP sends again what was lost. */
    void unblock() {
        List<Runnable> goOn;
        synchronized (this) {
            blocked = false;
            goOn = List.copyOf(waiting);
            waiting.clear();
        }
        goOn.forEach(Runnable::run);
    }

    /** Now, or when nothing is held up any more. */
    void whenOpen(Runnable action) {
        synchronized (this) {
            if (blocked) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }

    /** A connection that was opened in this direction. */
    void opened(Channel channel) {
        channels.add(channel);
        channel.closeFuture().addListener(closed -> channels.remove(channel));
    }

    /** Ends every connection that was opened in this direction, without a word. */
    void reset() {
        channels.forEach(Channel::close);
    }
}
