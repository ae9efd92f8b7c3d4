package io.moorage.cli.cluster;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held by the one command that changes a cluster. Gone with the process that holds it. */
public final class ClusterLock implements AutoCloseable {
    static final String NAME = "lock";

    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes the directory if there is none. @throws Failure if another command is at it */
    public static ClusterLock take(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another thread of this process.
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw Failure.of(
                    ExitCode.CONFLICT,
                    "another command is starting or stopping something in " + directory + "; wait until it is done");
        }
        return new ClusterLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
