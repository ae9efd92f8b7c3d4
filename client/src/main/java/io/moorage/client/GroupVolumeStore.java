package io.moorage.client;

import com.google.protobuf.ByteString;
import io.moorage.client.call.GroupCalls;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.transfer.ContentReader;
import io.moorage.client.transfer.ContentWriter;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Append;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListRequest;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.MakeDirectory;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.RemoveDirectory;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.StatRequest;
import io.moorage.protocol.v1.StatResponse;
import io.moorage.protocol.v1.TreeChange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link VolumeStore} of a volume in its home group. */
final class GroupVolumeStore implements VolumeStore {
    private final VolumeRef volume;
    private final GroupCalls calls;
    private final GroupDirectory directory;
    private final NodeChannels channels;
    private final ContentWriter writer;
    private final ReaderPins pins;

    GroupVolumeStore(
            VolumeRef volume,
            GroupCalls calls,
            GroupDirectory directory,
            NodeChannels channels,
            ContentWriter writer,
            ReaderPins pins) {
        this.volume = volume;
        this.calls = calls;
        this.directory = directory;
        this.channels = channels;
        this.writer = writer;
        this.pins = pins;
    }

    @Override
    public VolumeRef volume() {
        return volume;
    }

    @Override
    public EntryChange put(PutOptions options, InputStream body, long length, CallOptions call) throws IOException {
        CallOptions effective = effective(call);
        return writer.write(
                volume,
                body,
                length,
                effective,
                content -> submit(
                                Command.newBuilder()
                                        .setPut(Put.newBuilder()
                                                .setKey(options.key())
                                                .setContent(content)
                                                .setContentType(options.contentType())
                                                .addAllMetadata(sorted(options.metadata()))
                                                .addAllDigests(options.digests().get())
                                                .setPrecondition(options.precondition())),
                                effective)
                        .getChange());
    }

    @Override
    public EntryChange append(
            String key, String contentType, Precondition precondition, InputStream body, long length, CallOptions call)
            throws IOException {
        CallOptions effective = effective(call);
        return writer.write(
                volume,
                body,
                length,
                effective,
                content -> submit(
                                Command.newBuilder()
                                        .setAppend(Append.newBuilder()
                                                .setKey(key)
                                                .setContent(content)
                                                .setContentType(contentType)
                                                .setPrecondition(precondition)),
                                effective)
                        .getChange());
    }

    @Override
    public Optional<Entry> stat(String key, CallOptions call) {
        StatResponse response = statCall(key, true, effective(call));
        return response.hasEntry() ? Optional.of(response.getEntry()) : Optional.empty();
    }

    @Override
    public Optional<EntryReader> open(String key, CallOptions call) {
        CallOptions effective = effective(call);
        StatResponse response = statCall(key, false, effective);
        if (!response.hasEntry()) {
            return Optional.empty();
        }
        Entry entry = response.getEntry();
        Optional<ByteString> content = response.hasContent() ? Optional.of(response.getContent()) : Optional.empty();
        Runnable release = () -> {};
        if (entry.getSize() > Limits.PIN_ABOVE_BYTES && effective.asOfVersion() == 0) {
            try {
                ReaderPins.Held held = pins.hold(volume, key, effective);
                entry = held.pin().getEntry();
                release = held.release();
            } catch (MoorageException e) {
                if (e.code() == ErrorCode.ERROR_CODE_NOT_FOUND) {
                    return Optional.empty();
                }
                // Without a majority nothing can be pinned, nor deleted: reading goes on.
                if (e.code() != ErrorCode.ERROR_CODE_UNAVAILABLE) {
                    throw e;
                }
            }
        }
        return Optional.of(new ContentReader(volume, entry, content, directory, channels, release));
    }

    private StatResponse statCall(String key, boolean metadataOnly, CallOptions effective) {
        StatRequest.Builder request =
                StatRequest.newBuilder().setVolumeId(volume.id()).setKey(key).setMetadataOnly(metadataOnly);
        return calls.stat(volume.group(), request, effective);
    }

    @Override
    public EntryChange delete(String key, Precondition precondition, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setDelete(Delete.newBuilder().setKey(key).setPrecondition(precondition)),
                        effective(call))
                .getChange();
    }

    @Override
    public TreeChange deleteTree(String prefix, int limit, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setDeleteTree(DeleteTree.newBuilder()
                                        .setPrefix(prefix)
                                        .setLimit(limit)),
                        effective(call))
                .getTree();
    }

    @Override
    public TreeChange rename(String from, String to, Precondition source, Precondition target, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setRename(Rename.newBuilder()
                                        .setFrom(from)
                                        .setTo(to)
                                        .setSource(source)
                                        .setTarget(target)),
                        effective(call))
                .getTree();
    }

    @Override
    public TreeChange copy(
            String from,
            String to,
            Precondition source,
            Precondition target,
            String contentType,
            List<MetadataItem> metadata,
            CallOptions call) {
        Copy.Builder copy =
                Copy.newBuilder().setFrom(from).setTo(to).setSource(source).setTarget(target);
        if (metadata != null) {
            copy.setReplaceMetadata(true).setContentType(contentType).addAllMetadata(sorted(metadata));
        }
        return submit(Command.newBuilder().setCopy(copy), effective(call)).getTree();
    }

    @Override
    public EntryChange makeDirectory(String key, Precondition precondition, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setMakeDirectory(
                                        MakeDirectory.newBuilder().setKey(key).setPrecondition(precondition)),
                        effective(call))
                .getChange();
    }

    @Override
    public EntryChange removeDirectory(String key, Precondition precondition, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setRemoveDirectory(
                                        RemoveDirectory.newBuilder().setKey(key).setPrecondition(precondition)),
                        effective(call))
                .getChange();
    }

    @Override
    public ListResponse list(String prefix, String delimiter, String startAfter, int limit, CallOptions call) {
        ListRequest.Builder request = ListRequest.newBuilder()
                .setVolumeId(volume.id())
                .setPrefix(prefix)
                .setDelimiter(delimiter)
                .setStartAfter(startAfter)
                .setLimit(limit);
        return calls.list(volume.group(), request, effective(call));
    }

    private Result submit(Command.Builder command, CallOptions options) {
        return calls.submit(volume.group(), command.setVolumeId(volume.id()).build(), options);
    }

    private CallOptions effective(CallOptions call) {
        return call.consistency() == Consistency.CONSISTENCY_UNSPECIFIED
                ? call.withConsistency(volume.consistency())
                : call;
    }

    private static List<MetadataItem> sorted(List<MetadataItem> items) {
        return items.stream()
                .sorted(Comparator.comparing(MetadataItem::getName))
                .toList();
    }
}
