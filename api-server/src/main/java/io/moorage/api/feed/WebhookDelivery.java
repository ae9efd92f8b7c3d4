package io.moorage.api.feed;

import com.google.protobuf.ByteString;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Election;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.Lock;
import io.moorage.client.kv.Position;
import io.moorage.protocol.v1.ErrorCode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers changes to webhooks: at least once, in order, from where the last API server that did it stopped. Of the API servers of a
 * cluster one is elected to do it, and what it writes about its progress is fenced by that. While there are no webhooks, the only
 * cost is looking for some now and then. Attempts that fail are repeated for ever, ever more seldom; what has become too old
 * meanwhile is skipped, and the webhook says so.
 */
public final class WebhookDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookDelivery.class);
    private static final String ELECTION = "feeds/delivery";
    private static final Duration TTL = Duration.ofSeconds(15);
    private static final long LOOK_MS = 2000;
    private static final long PAUSE_MS = 300;
    private static final long MAX_BACKOFF_MS = TimeUnit.MINUTES.toMillis(5);
    private static final int BATCH = 100;
    private static final int THREADS = 8;

    private final ControlPlane plane;
    private final Function<VolumeRef, Kv> keys;
    private final FeedRecords records;
    private final Delivery delivery;
    private final ScheduledThreadPoolExecutor executor;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private volatile Lock.Held elected;
    private volatile boolean closed;

    /** @param allowed networks that receivers may be in although they are not of the Internet */
    public WebhookDelivery(ControlPlane plane, Function<VolumeRef, Kv> keys, List<String> allowed) {
        this.delivery = new Delivery(new ReceiverAddresses(allowed, InetAddress::getAllByName));
        this.plane = plane;
        this.keys = keys;
        this.records = new FeedRecords(plane, keys);
        this.executor = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "webhooks");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    public void start() {
        executor.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            List<String> found = records.look(FeedRecords.prefix(Webhooks.KIND));
            if (found.isEmpty()) {
                resign();
                return;
            }
            if (!isElected()) {
                resign();
                Election election = records.system().election(ELECTION, TTL);
                elected = election.isContested()
                        ? null
                        : election.campaign(ByteString.EMPTY, Duration.ofSeconds(1))
                                .orElse(null);
            }
            if (isElected()) {
                found.forEach(key -> {
                    if (running.add(key)) {
                        executor.execute(() -> step(key, 0));
                    }
                });
            }
        } catch (MoorageException e) {
            LOG.debug("webhooks are looked for again: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("webhooks are looked for again", e);
        }
    }

    private boolean isElected() {
        Lock.Held held = elected;
        return held != null && held.isHeld() && !closed;
    }

    private void resign() {
        Lock.Held held = elected;
        elected = null;
        if (held != null) {
            held.close();
        }
    }

    /** One batch of one webhook; then the next, later if there was nothing or it failed. */
    private void step(String key, long lastBackoff) {
        long pause = -1;
        try {
            if (isElected()) {
                pause = deliver(key, lastBackoff);
            }
        } catch (MoorageException e) {
            LOG.debug("webhook {}: {}", key, e.getMessage());
            pause = LOOK_MS;
        } catch (RuntimeException e) {
            LOG.warn("webhook {} is tried again", key, e);
            pause = LOOK_MS;
        } finally {
            if (pause < 0 || closed) {
                running.remove(key);
            } else {
                long next = pause;
                executor.schedule(() -> step(key, next > PAUSE_MS ? next : 0), next, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** @return milliseconds until the next step; -1 = it is gone */
    private long deliver(String key, long lastBackoff) {
        Optional<FeedRecords.Stored<Webhook>> found = records.look(key, Webhook.class);
        String[] path =
                key.substring(FeedRecords.prefix(Webhooks.KIND).length()).split("/", 3);
        Optional<VolumeRef> volume = plane.resolve(path[0])
                .filter(ref -> Long.toUnsignedString(ref.id(), 36).equals(path[1]));
        if (found.isEmpty() || volume.isEmpty()) {
            return -1;
        }
        Webhook webhook = found.get().value();
        String progressKey = FeedRecords.prefix(volume.get(), Webhooks.PROGRESS) + path[2];
        Optional<FeedRecords.Stored<Webhook.Progress>> stored = records.look(progressKey, Webhook.Progress.class);
        Webhook.Progress progress = stored.map(FeedRecords.Stored::value).orElse(Webhook.Progress.NONE);
        long version = stored.map(FeedRecords.Stored::version).orElse(0L);
        String position = progress.position() == null ? webhook.start() : progress.position();
        ChangeSet set;
        try {
            set = keys.apply(volume.get())
                    .changes(
                            new ChangeQuery(
                                    Optional.ofNullable(position).map(Position::parse), webhook.prefix(), BATCH, false),
                            Duration.ofSeconds(1));
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_COMPACTED) {
                throw e;
            }
            LOG.warn(
                    "webhook {}: changes up to version {} are no longer kept, and are skipped",
                    key,
                    e.currentVersion());
            save(progressKey, progress.missed(Long.toString(e.currentVersion()), e.currentVersion()), version);
            return 0;
        }
        if (set.changes().isEmpty()) {
            // Kept now and then, so that one whose filter matches nothing does not fall behind what is kept.
            boolean far = set.next().version()
                            - (position == null ? 0 : Position.parse(position).version())
                    > 4096L * 1000;
            if (far) {
                save(progressKey, progress.taken(set.next().toString(), 0, progress.lastDeliveredAt()), version);
            }
            return PAUSE_MS;
        }
        String error = delivery.attempt(path[0], path[2], webhook, set.next().toString(), set.changes());
        if (error.isEmpty()) {
            save(
                    progressKey,
                    progress.taken(
                            set.next().toString(),
                            set.changes().size(),
                            Instant.now().toString()),
                    version);
            return 0;
        }
        save(progressKey, progress.failed(error), version);
        long base = Math.max(1000, lastBackoff);
        return Math.min(MAX_BACKOFF_MS, ThreadLocalRandom.current().nextLong(1000, base * 3));
    }

    private void save(String key, Webhook.Progress progress, long version) {
        Lock.Held held = elected;
        if (held == null || !records.put(key, progress, version, held.condition())) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_CONFLICT, "another API server delivers now, or the webhook was changed");
        }
    }

    @Override
    public void close() {
        closed = true;
        executor.shutdownNow();
        delivery.close();
        try {
            resign();
        } catch (RuntimeException e) {
            LOG.debug("the election ends by its lease: {}", e.getMessage());
        }
    }
}
