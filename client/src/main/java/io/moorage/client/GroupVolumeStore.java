package io.moorage.client;

import io.moorage.client.call.GroupCalls;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.transfer.ContentWriter;
import io.moorage.client.transfer.UnreadableSearch;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Append;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ListRequest;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.MakeDirectory;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.RemoveDirectory;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.TreeChange;
import java.io.IOException;
import java.io.InputStream;
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
    private final boolean hidden;

    /** @param hidden keys may begin with U+0001 */
    GroupVolumeStore(
            VolumeRef volume,
            GroupCalls calls,
            GroupDirectory directory,
            NodeChannels channels,
            ContentWriter writer,
            ReaderPins pins,
            boolean hidden) {
        this.volume = volume;
        this.calls = calls;
        this.directory = directory;
        this.channels = channels;
        this.writer = writer;
        this.pins = pins;
        this.hidden = hidden;
    }

    @Override
    public VolumeRef volume() {
        return volume;
    }

    @Override
    public VersionedStore versions() {
        return new GroupVersionedStore(volume, calls, directory, channels, pins, hidden);
    }

    @Override
    public VolumeStore hidden() {
        return new GroupVolumeStore(volume, calls, directory, channels, writer, pins, true);
    }

    @Override
    public EntryChange put(PutOptions options, InputStream body, long length, CallOptions call) throws IOException {
        CallOptions effective = effective(call);
        return writer.write(
                volume,
                body,
                length,
                effective,
                content -> submit(Command.newBuilder().setPut(command(options, content)), effective)
                        .getChange());
    }

    private static Put.Builder command(PutOptions options, Content content) {
        Put.Builder put = Put.newBuilder()
                .setKey(options.key())
                .setContent(content)
                .setContentType(options.contentType())
                .addAllMetadata(MetadataItems.sorted(options.metadata()))
                .addAllDigests(options.digests().get())
                .addAllAttributes(MetadataItems.sorted(options.attributes().get()))
                .setPrecondition(options.precondition());
        if (!options.lock().equals(ObjectLock.getDefaultInstance())) {
            put.setLock(options.lock());
        }
        return put;
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
        return versions().find(key, VersionedStore.newest(), call).entry();
    }

    @Override
    public Optional<EntryReader> open(String key, CallOptions call) {
        return versions().open(key, VersionedStore.newest(), call);
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
            copy.setReplaceMetadata(true).setContentType(contentType).addAllMetadata(MetadataItems.sorted(metadata));
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
    public UnreadableEntries unreadable(String startAfter) {
        return new UnreadableSearch(volume, directory, channels).after(startAfter);
    }

    @Override
    public ListResponse list(String prefix, String delimiter, String startAfter, int limit, CallOptions call) {
        ListRequest.Builder request = ListRequest.newBuilder()
                .setVolumeId(volume.id())
                .setPrefix(prefix)
                .setDelimiter(delimiter)
                .setStartAfter(startAfter)
                .setLimit(limit)
                .setHidden(hidden);
        return calls.list(volume.group(), request, effective(call));
    }

    private Result submit(Command.Builder command, CallOptions options) {
        return calls.submit(
                volume.group(),
                command.setVolumeId(volume.id()).setHidden(hidden).build(),
                options);
    }

    private CallOptions effective(CallOptions call) {
        return call.withDefaultConsistency(volume.consistency());
    }
}
