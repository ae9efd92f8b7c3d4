package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes new files, and one again and again, until the server is gone; keeps what was acknowledged, and what may be there or not.
 */
final class Writer implements Runnable {
    private static final int SMALL = 20_000;
    private static final int LARGE = 1_500_000;

    private final RestClient rest;
    private final String name;
    /** Sizes by key. */
    private final Map<String, Integer> acknowledged = new LinkedHashMap<>();

    private final Map<String, Integer> unknown = new LinkedHashMap<>();
    private int lastAcknowledged = -1;
    private final List<Integer> perhaps = new ArrayList<>();

    Writer(RestClient rest, String name) {
        this.rest = rest;
        this.name = name;
    }

    @Override
    public void run() {
        boolean gone = false;
        for (int i = 0; !gone && !Thread.currentThread().isInterrupted(); i++) {
            gone = i % 4 == 3 ? !again(i) : !once(name + "/" + i, i % 6 == 0 ? LARGE + i : SMALL * (i % 5) + i);
        }
    }

    /** @return whether there is a server */
    private boolean once(String key, int size) {
        Answer answer = send(key, Content.of(key, size));
        synchronized (this) {
            if (answer == Answer.STORED) {
                acknowledged.put(key, size);
            } else {
                unknown.put(key, size);
            }
        }
        return answer != Answer.GONE;
    }

    private boolean again(int turn) {
        Answer answer = send(name + "/same", turnContent(turn));
        synchronized (this) {
            if (answer == Answer.STORED) {
                lastAcknowledged = turn;
                perhaps.clear();
            } else {
                perhaps.add(turn);
            }
        }
        return answer != Answer.GONE;
    }

    private byte[] turnContent(int turn) {
        return Content.of(name + " turn " + turn, turn % 8 == 3 ? SMALL : LARGE);
    }

    private enum Answer {
        STORED,
        REFUSED,
        GONE
    }

    private Answer send(String key, byte[] content) {
        try {
            int status = rest.put(key, content);
            assertThat(status).as(key).isIn(200, 201, 503);
            return status == 503 ? Answer.REFUSED : Answer.STORED;
        } catch (IOException e) {
            return Answer.GONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.GONE;
        }
    }

    synchronized int acknowledged() {
        return acknowledged.size();
    }

    /** Writes of which nobody said what became of them. */
    synchronized int interrupted() {
        return unknown.size() + perhaps.size();
    }

    /** Every byte that was acknowledged is there; what was not is there whole, or not at all. */
    synchronized void verify() {
        acknowledged.forEach((key, size) -> assertThat(rest.get(key)).as(key).isEqualTo(Content.of(key, size)));
        unknown.forEach((key, size) -> assertThat(rest.get(key)).as(key).isIn(null, Content.of(key, size)));
        List<byte[]> possible = new ArrayList<>();
        perhaps.forEach(turn -> possible.add(turnContent(turn)));
        possible.add(lastAcknowledged < 0 ? null : turnContent(lastAcknowledged));
        assertThat(rest.get(name + "/same")).as(name + "/same").isIn(possible);
    }
}
