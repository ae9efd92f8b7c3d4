package io.moorage.cli.kv;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command while a lock is held. */
@Command(
        name = "lock",
        description =
                "Runs a command while this process has a lock, in the order in which those who wait came. The command finds"
                        + " its fencing token, which grows from holder to holder, in MOORAGE_LOCK_TOKEN. It is stopped when the"
                        + " lock is lost.")
final class KvLockCommand implements Callable<Integer> {
    private static final String PAGE = "1000";

    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME:NAME")
    private String place;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "after --")
    private List<String> command;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            defaultValue = "15s",
            description = "how long the lock outlives a holder that dies (default: ${DEFAULT-VALUE})")
    private Duration ttl;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "how long to wait for it (1h)")
    private Duration wait;

    KvLockCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        RemotePath path = KvInput.key(place);
        ApiClient api = session.client();
        String leases = "/leases/" + Urls.path(path.volume());
        long asked = System.nanoTime();
        String lease = api.send(ApiRequest.of("POST", leases).json(Map.of("ttlMs", ttl.toMillis())))
                .path("lease")
                .asText();
        AtomicLong certainUntil = new AtomicLong(asked + ttl.toNanos());
        ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lease");
            thread.setDaemon(true);
            return thread;
        });
        long every = Math.max(100, ttl.toMillis() / 3);
        keeper.scheduleAtFixedRate(
                () -> keepAlive(api, leases + "/" + lease, certainUntil), every, every, TimeUnit.MILLISECONDS);
        try {
            String own = path.key() + "/" + Long.toHexString(Long.parseLong(lease));
            String version = api.send(
                            ApiRequest.of("PUT", KvInput.url(new RemotePath(path.volume(), own)) + "?lease=" + lease))
                    .path("version")
                    .asText();
            awaitTurn(api, path, Long.parseLong(version));
            return run(version, certainUntil);
        } finally {
            keeper.shutdownNow();
            api.send(ApiRequest.of("DELETE", leases + "/" + lease));
        }
    }

    private static void keepAlive(ApiClient api, String lease, AtomicLong certainUntil) {
        long asked = System.nanoTime();
        try {
            long left = api.send(ApiRequest.of("POST", lease)).path("ttlMs").asLong();
            certainUntil.set(asked + TimeUnit.MILLISECONDS.toNanos(left));
        } catch (Failure e) {
            // It is tried again; that it comes too late is seen by the time.
        }
    }

    private void awaitTurn(ApiClient api, RemotePath lock, long own) {
        long until = System.nanoTime() + wait.toNanos();
        while (true) {
            String before = before(api, lock, own);
            if (before.isEmpty()) {
                return;
            }
            if (System.nanoTime() - until > 0) {
                throw Failure.of(ExitCode.CONFLICT, place + " is held by others");
            }
            // Whatever changes behind it, or nothing within the wait: looking anew tells.
            api.get("/changes/" + Urls.path(lock.volume()) + "?since=" + own + "&keysOnly=true&wait=5s&prefix="
                    + Urls.query(lock.key() + "/"));
        }
    }

    /** The version of the key that is next before this one; "" = there is none. */
    private static String before(ApiClient api, RemotePath lock, long own) {
        long found = 0;
        boolean there = false;
        for (JsonNode item : api.get("/kv/" + Urls.path(lock.volume()) + "?keysOnly=true&limit=" + PAGE + "&prefix="
                        + Urls.query(lock.key() + "/"))
                .path("items")) {
            long version = item.path("version").asLong();
            there |= version == own;
            if (version < own && version > found) {
                found = version;
            }
        }
        if (!there) {
            throw Failure.of(ExitCode.FAILED, "the lease ended while the lock was waited for; try again");
        }
        return found == 0 ? "" : Long.toString(found);
    }

    private int run(String token, AtomicLong certainUntil) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("MOORAGE_LOCK_TOKEN", token);
        Process process = builder.start();
        try {
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                if (certainUntil.get() - System.nanoTime() < 0) {
                    process.destroy();
                    throw Failure.of(
                            ExitCode.UNAVAILABLE, "the lock was lost while the command ran, and it was told to stop");
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw Failure.of(ExitCode.FAILED, "interrupted");
        }
    }
}
