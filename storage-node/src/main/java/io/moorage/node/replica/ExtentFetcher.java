package io.moorage.node.replica;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentStore;
import io.moorage.node.extent.ExtentWriter;
import io.moorage.node.peer.PeerChannels;
import io.moorage.node.store.Checksums;
import io.moorage.node.store.ExtentRef;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentServiceGrpc;
import io.moorage.protocol.v1.ReadExtentsRequest;
import io.moorage.protocol.v1.ReadExtentsResponse;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets a good copy of an extent from another member of the group, verified on the way. */
final class ExtentFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentFetcher.class);

    private final ByteString group;
    private final Peers peers;
    private final PeerChannels channels;

    ExtentFetcher(ByteString group, Peers peers, PeerChannels channels) {
        this.group = group;
        this.peers = peers;
        this.channels = channels;
    }

    /** Whether a good copy is there now; it replaces a bad one. */
    boolean fetch(ExtentStore extents, ExtentRef extent) throws InterruptedException {
        for (String address : peers.addresses()) {
            try {
                fetchFrom(address, extents, extent);
                return true;
            } catch (StatusRuntimeException | IOException | ExecutionException e) {
                LOG.debug("extent {} not fetched from {}: {}", extent, address, e.toString());
            }
        }
        return false;
    }

    private void fetchFrom(String address, ExtentStore extents, ExtentRef extent)
            throws IOException, ExecutionException, InterruptedException {
        ReadExtentsRequest request = ReadExtentsRequest.newBuilder()
                .setGroupId(group)
                .setVolumeId(extent.volumeId())
                .addRanges(Extent.newBuilder()
                        .setIdHigh(extent.idHigh())
                        .setIdLow(extent.idLow())
                        .setLength(extent.storedLength())
                        .setStoredLength(extent.storedLength()))
                .build();
        Iterator<ReadExtentsResponse> parts = ExtentServiceGrpc.newBlockingStub(channels.to(address))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .read(request);
        ExtentKey key = new ExtentKey(extent.volumeId(), extent.idHigh(), extent.idLow());
        ExtentWriter writer = extents.replace(key, extent.storedLength());
        try {
            while (parts.hasNext()) {
                ReadExtentsResponse part = parts.next();
                if (Checksums.crc32c(part.getData()) != part.getCrc32C()) {
                    throw new IOException("a part arrived damaged");
                }
                writer.write(part.getData().asReadOnlyByteBuffer());
            }
        } catch (StatusRuntimeException | IOException e) {
            writer.abort();
            throw e;
        }
        writer.finish(extent.storedLength(), extent.crc32c()).get();
    }
}
