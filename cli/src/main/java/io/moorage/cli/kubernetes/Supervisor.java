package io.moorage.cli.kubernetes;

import io.moorage.cli.kubernetes.control.ControlLoop;
import io.moorage.cli.kubernetes.control.PortPlan;
import io.moorage.cli.kubernetes.control.Seeds;
import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.Validation;
import io.moorage.cli.kubernetes.server.KubernetesServer;
import io.moorage.cli.kubernetes.server.Resources;
import io.moorage.cli.kubernetes.store.Store;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.function.IntSupplier;

/**
 * A Kubernetes of one machine: the API, its controllers, and what runs pods as processes. What it knows is in a directory, and the
 * processes go on without it, so that the next one takes up where this one ended, however it ended.
 */
public final class Supervisor implements AutoCloseable {
    private static final String HOME = "kubernetes";

    private final FileChannel lock;
    private final Store store;
    private final Resources resources;
    private final ControlLoop loop;
    private final KubernetesServer server;

    private Supervisor(FileChannel lock, Path directory, PortPlan ports, IntSupplier heapMiB) throws IOException {
        this.lock = lock;
        Catalog catalog = Catalog.load();
        store = Store.open(directory.resolve(HOME).resolve("objects.log"));
        resources = new Resources(store, catalog, new Validation(catalog), InstantSource.system());
        new Seeds(resources).sow();
        loop = new ControlLoop(resources, directory, ports, heapMiB, InstantSource.system());
        try {
            server = KubernetesServer.start(resources, ports.kubernetes(), InstantSource.system());
        } catch (IOException e) {
            store.close();
            throw e;
        }
        loop.start();
    }

    /**
     * @param directory of the cluster; kubernetes/, data/, config/ and run/ are in it
     * @param heapMiB of a process that is started
     * @throws IOException if another one is at it, the port is taken, or what was kept is damaged
     */
    public static Supervisor start(Path directory, PortPlan ports, IntSupplier heapMiB) throws IOException {
        Path home = directory.resolve(HOME);
        Files.createDirectories(home);
        FileChannel lock = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean started = false;
        try {
            if (!isLocked(lock)) {
                throw new IOException("another supervisor is at work in " + directory);
            }
            Supervisor supervisor = new Supervisor(lock, directory, ports, heapMiB);
            started = true;
            return supervisor;
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Of Kubernetes' API. */
    public String url() {
        return server.url();
    }

    public Resources resources() {
        return resources;
    }

    /** Stops; the processes of pods go on. */
    @Override
    public void close() throws IOException {
        server.close();
        loop.close();
        store.close();
        lock.close();
    }
}
