package io.moorage.cli.kubernetes.server;

import io.moorage.cli.kubernetes.store.Store;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;

/** All watches that go on. Thread-safe. */
final class Watches {
    private static final int MOST = 1_000;
    private static final long BEAT_SECONDS = 30;
    private static final long LONGEST_SECONDS = 1_800;

    private final Store store;
    private final ScheduledExecutorService timer;
    private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();

    Watches(Store store, ScheduledExecutorService timer) {
        this.store = store;
        this.timer = timer;
        timer.scheduleAtFixedRate(
                () -> streams.forEach(WatchStream::beat), BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    void start(Exchange exchange, WatchStream.Filter filter, Rendering rendering, Rendering.Request form) {
        if (streams.size() >= MOST) {
            throw new StatusException(429, "TooManyRequests", "there are " + MOST + " watches already");
        }
        String since = exchange.parameter("resourceVersion");
        if (!since.matches("\\d{0,18}")) {
            throw StatusException.badRequest("resourceVersion '" + since + "' is not a number");
        }
        String timeout = exchange.parameter("timeoutSeconds");
        long seconds =
                timeout.matches("[1-9]\\d{0,8}") ? Math.min(Long.parseLong(timeout), LONGEST_SECONDS) : LONGEST_SECONDS;
        exchange.response().setStatus(200);
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        WatchStream stream = new WatchStream(
                store,
                filter,
                rendering,
                form,
                exchange.flag("allowWatchBookmarks"),
                exchange.response(),
                exchange.callback(),
                streams::remove);
        streams.add(stream);
        stream.open();
        stream.start(since, exchange.flag("sendInitialEvents"));
        timer.schedule(stream::end, seconds, TimeUnit.SECONDS);
    }

    void end() {
        streams.forEach(WatchStream::end);
    }
}
