package io.moorage.client.transfer;

import com.google.protobuf.ByteString;
import io.moorage.client.EntryReader;
import io.moorage.client.VolumeRef;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Extent;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads one entry's bytes: from the answer that brought its metadata if they came along, otherwise from extents. */
public final class ContentReader implements EntryReader {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Entry entry;
    private final Optional<ByteString> content;
    private final ExtentDownload download;
    private final Runnable onClose;

    /** @param onClose gives back what keeps the bytes readable */
    public ContentReader(
            VolumeRef volume,
            Entry entry,
            Optional<ByteString> content,
            GroupDirectory directory,
            NodeChannels channels,
            Runnable onClose) {
        this.entry = entry;
        this.content = content;
        this.download = new ExtentDownload(volume, directory, channels, entry.getVersion(), PATIENCE);
        this.onClose = onClose;
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public void transferTo(long offset, long length, OutputStream out) throws IOException {
        Objects.checkFromIndexSize(offset, length, entry.getSize());
        if (length == 0) {
            return;
        }
        if (content.isPresent()) {
            content.get().substring((int) offset, (int) (offset + length)).writeTo(out);
            return;
        }
        List<Extent> ranges = new ArrayList<>();
        long position = 0;
        for (Extent extent : entry.getExtentsList()) {
            long from = Math.max(offset, position);
            long to = Math.min(offset + length, position + extent.getLength());
            if (from < to) {
                ranges.add(extent.toBuilder()
                        .setOffset(extent.getOffset() + (int) (from - position))
                        .setLength((int) (to - from))
                        .build());
            }
            position += extent.getLength();
        }
        download.transferTo(ranges, out);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
