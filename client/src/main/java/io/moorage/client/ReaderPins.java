package io.moorage.client;

import io.moorage.client.call.GroupCalls;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.PinResult;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.RenewPin;
import io.moorage.protocol.v1.VersionSelector;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps entries readable while somebody reads them, however long that takes: a pin that is renewed until it is released, and
 * that expires by itself if this process dies. Thread-safe.
 */
final class ReaderPins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderPins.class);
    private static final Duration TTL = Duration.ofSeconds(90);
    private static final Duration RENEWAL = Duration.ofSeconds(25);

    private final GroupCalls calls;
    private final ScheduledThreadPoolExecutor renewals = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "reader-pins");
        thread.setDaemon(true);
        return thread;
    });

    ReaderPins(GroupCalls calls) {
        this.calls = calls;
        renewals.setRemoveOnCancelPolicy(true);
    }

    /** A pin, the entry as of it, and how to give it back. */
    record Held(PinResult pin, Runnable release) {}

    /**
     * @param hidden the key may begin with U+0001
     * @throws MoorageException NOT_FOUND if there is no such key or version (any more)
     */
    Held hold(VolumeRef volume, String key, VersionSelector version, boolean hidden, CallOptions options) {
        String name = "reader-" + UUID.randomUUID();
        PinResult pin = calls.submit(
                        volume.group(),
                        Command.newBuilder()
                                .setVolumeId(volume.id())
                                .setHidden(hidden)
                                .setCreatePin(CreatePin.newBuilder()
                                        .setName(name)
                                        .setKind(PinKind.PIN_KIND_READER)
                                        .setTtlMs(TTL.toMillis())
                                        .setKey(key)
                                        .setKeyVersion(version))
                                .build(),
                        options)
                .getPin();
        ScheduledFuture<?> renewal = renewals.scheduleWithFixedDelay(
                () -> renew(volume, name), RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        return new Held(pin, () -> {
            renewal.cancel(false);
            renewals.execute(() -> release(volume, name));
        });
    }

    private void renew(VolumeRef volume, String name) {
        send(
                volume,
                Command.newBuilder()
                        .setRenewPin(RenewPin.newBuilder().setName(name).setTtlMs(TTL.toMillis())));
    }

    private void release(VolumeRef volume, String name) {
        send(volume, Command.newBuilder().setReleasePin(ReleasePin.newBuilder().setName(name)));
    }

    private void send(VolumeRef volume, Command.Builder command) {
        try {
            calls.submit(
                    volume.group(),
                    command.setVolumeId(volume.id()).build(),
                    CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(5)));
        } catch (MoorageException e) {
            LOG.debug("pin of a reader in volume {}: {}", volume.name(), e.getMessage());
        }
    }

    @Override
    public void close() {
        renewals.shutdown();
    }
}
