package io.moorage.node.status;

import io.moorage.node.config.NodeConfig;
import io.moorage.node.identity.StorageDirectory;
import io.moorage.node.replica.NodeErrors;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the free space of the storage directory, so that a full disk is an error that new data meets, and not a disaster.
 * Thread-safe.
 */
public final class SpaceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);

    /** A log and a state that are opened again take some of it at once. */
    private static final long MIN_ROOM_BYTES = 32 << 20;

    private final StorageDirectory directory;
    private final NodeConfig.Storage limits;
    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong capacity = new AtomicLong();
    private volatile boolean full;

    public SpaceWatch(StorageDirectory directory, NodeConfig.Storage limits) throws IOException {
        this.directory = directory;
        this.limits = limits;
        look();
    }

    /** Looks at the disk; called every second or so. */
    public void look() throws IOException {
        free.set(directory.freeBytes());
        capacity.set(directory.capacityBytes());
        boolean now = free.get() < limits.reserveBytes();
        if (now != full) {
            full = now;
            if (now) {
                LOG.warn(
                        "{} bytes are free in {}, less than the reserve of {}: new data is refused",
                        free.get(),
                        directory.root(),
                        limits.reserveBytes());
            } else {
                LOG.info("{} bytes are free in {}: new data is taken again", free.get(), directory.root());
            }
        }
    }

    /** New data is refused. What is under way, the log, and deletes live on the reserve. */
    public boolean isFull() {
        return full;
    }

    /** Less than a tenth of the disk is free, or less than twice the reserve: what was freed goes soon. */
    public boolean isScarce() {
        return free.get() < Math.max(capacity.get() / 10, 2 * limits.reserveBytes());
    }

    /** Most of the reserve is gone as well: it is time to stop writing anything at all, before a write fails half way. */
    public boolean isExhausted() {
        return free.get() < limits.reserveBytes() / 8;
    }

    /** There is enough of the reserve again for logs to be written. */
    public boolean hasRoomForLogs() {
        return free.get() >= Math.max(limits.reserveBytes() / 4, MIN_ROOM_BYTES);
    }

    public long freeBytes() {
        return free.get();
    }

    public long capacityBytes() {
        return capacity.get();
    }

    /** @throws NodeErrors.CallException DISK_FULL */
    public void checkRoom() {
        if (full) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_DISK_FULL,
                    "node " + directory.identity().name() + " has " + free.get()
                            + " bytes free, less than its reserve of " + limits.reserveBytes()
                            + " (storage.reserve-bytes): delete something, or give it a larger disk");
        }
    }
}
