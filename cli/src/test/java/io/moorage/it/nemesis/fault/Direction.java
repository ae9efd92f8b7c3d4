package io.moorage.it.nemesis.fault;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** One way from one party to another: what goes along it may be held up or delayed. Thread-safe. */
final class Direction {
    private static final int RETRANSMISSION_MS = 200;
    private static final int MAX_RETRANSMISSION_MS = 3200;

    private final List<Runnable> waiting = new ArrayList<>();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private boolean blocked;
    private volatile int delayMillis;
    private volatile double loss;

    /** How long the next piece takes to get along. */
    int delayMillis() {
        int delay = delayMillis;
        int again = RETRANSMISSION_MS;
        for (double lost = loss;
                again < MAX_RETRANSMISSION_MS && ThreadLocalRandom.current().nextDouble() < lost;
                again *= 2) {
            delay += again;
        }
        return delay;
    }

    void delay(int millis) {
        delayMillis = millis;
    }

    /**
     * Some pieces are lost, and come when TCP has noticed and sent them again (RFC 6298: later each time), with everything behind
     * them.
     *
     * @param probability 0 to 1, that a piece is lost, and that it is lost again
     */
    void lose(double probability) {
        loss = probability;
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
