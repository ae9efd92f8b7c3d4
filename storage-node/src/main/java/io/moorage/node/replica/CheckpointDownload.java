package io.moorage.node.replica;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.moorage.node.peer.PeerChannels;
import io.moorage.node.store.Checksums;
import io.moorage.protocol.v1.CheckpointChunk;
import io.moorage.protocol.v1.CheckpointFile;
import io.moorage.protocol.v1.CloseCheckpointRequest;
import io.moorage.protocol.v1.OpenCheckpointRequest;
import io.moorage.protocol.v1.OpenCheckpointResponse;
import io.moorage.protocol.v1.ReadCheckpointFileRequest;
import io.moorage.protocol.v1.ReplicaServiceGrpc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the state of a group from another member: file by file, in chunks, each verified; a file that was interrupted goes on
 * where it stopped.
 */
final class CheckpointDownload {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDownload.class);
    private static final int ATTEMPTS_PER_FILE = 5;

    /** The position of the state that was copied. */
    record Copied(long term, long index) {}

    private final ByteString group;
    private final Peers peers;
    private final PeerChannels channels;

    CheckpointDownload(ByteString group, Peers peers, PeerChannels channels) {
        this.group = group;
        this.peers = peers;
        this.channels = channels;
    }

    /**
     * @param directory is made, or emptied
     * @param leader asked first; "" = not known
     * @throws IOException if no member has a state that far, or it could not be copied whole
     */
    Copied run(Path directory, long minIndex, String leader) throws IOException {
        IOException last = new IOException("no other member of the group is known");
        Set<String> addresses = new LinkedHashSet<>();
        if (!leader.isEmpty()) {
            addresses.add(leader);
        }
        addresses.addAll(peers.addresses());
        for (String address : addresses) {
            try {
                return from(address, directory, minIndex);
            } catch (StatusRuntimeException | IOException e) {
                LOG.warn("state of the group cannot be copied from {}: {}", address, e.toString());
                last = new IOException("state of the group cannot be copied from " + address, e);
            }
        }
        throw last;
    }

    private Copied from(String address, Path directory, long minIndex) throws IOException {
        ReplicaServiceGrpc.ReplicaServiceBlockingStub stub = ReplicaServiceGrpc.newBlockingStub(channels.to(address));
        OpenCheckpointResponse checkpoint = stub.withDeadlineAfter(60, TimeUnit.SECONDS)
                .openCheckpoint(OpenCheckpointRequest.newBuilder()
                        .setGroupId(group)
                        .setMinIndex(Math.max(0, minIndex))
                        .build());
        try {
            Directories.delete(directory);
            Files.createDirectories(directory);
            long bytes = 0;
            for (CheckpointFile file : checkpoint.getFilesList()) {
                copy(stub, checkpoint.getCheckpointId(), file, directory);
                bytes += file.getSize();
            }
            LOG.info(
                    "copied the state at index {} from {}: {} files, {} bytes",
                    checkpoint.getIndex(),
                    address,
                    checkpoint.getFilesCount(),
                    bytes);
            return new Copied(checkpoint.getTerm(), checkpoint.getIndex());
        } finally {
            try {
                stub.withDeadlineAfter(5, TimeUnit.SECONDS)
                        .closeCheckpoint(CloseCheckpointRequest.newBuilder()
                                .setCheckpointId(checkpoint.getCheckpointId())
                                .build());
            } catch (StatusRuntimeException e) {
                // It closes by itself later.
            }
        }
    }

    private static void copy(
            ReplicaServiceGrpc.ReplicaServiceBlockingStub stub, String checkpoint, CheckpointFile file, Path directory)
            throws IOException {
        String name = file.getName();
        if (name.contains("/") || name.startsWith(".")) {
            throw new IOException("checkpoint has a file with the name '" + name + "'");
        }
        CRC32C crc = new CRC32C();
        try (FileChannel out =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int attempt = 1; out.size() < file.getSize(); attempt++) {
                try {
                    copyFrom(stub, checkpoint, name, out, crc);
                } catch (StatusRuntimeException e) {
                    if (attempt == ATTEMPTS_PER_FILE) {
                        throw e;
                    }
                    LOG.info("copying {} goes on at {} after {}", name, out.size(), e.toString());
                }
            }
            if (out.size() != file.getSize() || (int) crc.getValue() != file.getCrc32C()) {
                throw new IOException("file " + name + " arrived damaged");
            }
            out.force(true);
        }
    }

    private static void copyFrom(
            ReplicaServiceGrpc.ReplicaServiceBlockingStub stub,
            String checkpoint,
            String name,
            FileChannel out,
            CRC32C crc)
            throws IOException {
        Iterator<CheckpointChunk> chunks = stub.withDeadlineAfter(10, TimeUnit.MINUTES)
                .readCheckpointFile(ReadCheckpointFileRequest.newBuilder()
                        .setCheckpointId(checkpoint)
                        .setName(name)
                        .setOffset(out.size())
                        .build());
        while (chunks.hasNext()) {
            CheckpointChunk chunk = chunks.next();
            if (Checksums.crc32c(chunk.getData()) != chunk.getCrc32C()) {
                throw new IOException("a chunk of " + name + " arrived damaged");
            }
            ByteBuffer data = chunk.getData().asReadOnlyByteBuffer();
            crc.update(data.duplicate());
            while (data.hasRemaining()) {
                out.write(data, out.size());
            }
        }
    }
}
