package io.moorage.client;

import com.google.protobuf.ByteString;
import io.moorage.client.call.GroupCalls;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.transfer.ContentReader;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Compose;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteVersion;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListVersionsRequest;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.MakeDirectory;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.Retention;
import io.moorage.protocol.v1.SetAttributes;
import io.moorage.protocol.v1.SetLock;
import io.moorage.protocol.v1.SetVersioning;
import io.moorage.protocol.v1.StatRequest;
import io.moorage.protocol.v1.StatResponse;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import java.util.List;
import java.util.Optional;

/** {@link VersionedStore} of a volume in its home group. */
final class GroupVersionedStore implements VersionedStore {
    private final VolumeRef volume;
    private final GroupCalls calls;
    private final GroupDirectory directory;
    private final NodeChannels channels;
    private final ReaderPins pins;
    private final boolean hidden;

    /** @param hidden keys may begin with U+0001 */
    GroupVersionedStore(
            VolumeRef volume,
            GroupCalls calls,
            GroupDirectory directory,
            NodeChannels channels,
            ReaderPins pins,
            boolean hidden) {
        this.volume = volume;
        this.calls = calls;
        this.directory = directory;
        this.channels = channels;
        this.pins = pins;
        this.hidden = hidden;
    }

    @Override
    public void setVersioning(String directory, VersioningState state, CallOptions call) {
        submit(
                Command.newBuilder()
                        .setSetVersioning(SetVersioning.newBuilder()
                                .setDirectory(directory)
                                .setState(state)),
                call);
    }

    @Override
    public VersioningState versioning(String directory, CallOptions call) {
        return look(directory, VersionedStore.newest(), true, call).getVersioning();
    }

    @Override
    public Found find(String key, VersionSelector version, CallOptions call) {
        StatResponse response = look(key, version, true, call);
        return new Found(
                response.hasEntry() ? Optional.of(response.getEntry()) : Optional.empty(),
                response.hasDeleteMarker() ? Optional.of(response.getDeleteMarker()) : Optional.empty());
    }

    @Override
    public Optional<EntryReader> open(String key, VersionSelector version, CallOptions call) {
        StatResponse response = look(key, version, false, call);
        if (!response.hasEntry()) {
            return Optional.empty();
        }
        Entry entry = response.getEntry();
        Optional<ByteString> content = response.hasContent() ? Optional.of(response.getContent()) : Optional.empty();
        Runnable release = () -> {};
        if (entry.getSize() > Limits.PIN_ABOVE_BYTES && call.asOfVersion() == 0) {
            try {
                ReaderPins.Held held = pins.hold(volume, key, version, hidden, effective(call));
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

    @Override
    public ListVersionsResponse listVersions(VersionListing listing, CallOptions call) {
        ListVersionsRequest.Builder request = ListVersionsRequest.newBuilder()
                .setVolumeId(volume.id())
                .setPrefix(listing.prefix())
                .setDelimiter(listing.delimiter())
                .setKeyMarker(listing.keyMarker())
                .setVersionMarker(listing.versionMarker())
                .setLimit(listing.limit());
        return calls.listVersions(volume.group(), request, effective(call));
    }

    @Override
    public EntryChange deleteVersion(String key, VersionSelector version, boolean bypassGovernance, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setDeleteVersion(DeleteVersion.newBuilder()
                                        .setKey(key)
                                        .setVersion(version)
                                        .setBypassGovernance(bypassGovernance)),
                        call)
                .getChange();
    }

    @Override
    public EntryChange deleteDirectoryMarker(String key, Precondition precondition, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setDelete(Delete.newBuilder()
                                        .setKey(key)
                                        .setPrecondition(precondition)
                                        .setDirectoryMarker(true)),
                        call)
                .getChange();
    }

    @Override
    public EntryChange putDirectory(DirectoryOptions options, CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setMakeDirectory(MakeDirectory.newBuilder()
                                        .setKey(options.key())
                                        .setContentType(options.contentType())
                                        .addAllMetadata(MetadataItems.sorted(options.metadata()))
                                        .addAllAttributes(MetadataItems.sorted(options.attributes()))
                                        .setPrecondition(options.precondition())),
                        call)
                .getChange();
    }

    @Override
    public EntryChange setAttributes(
            String key,
            VersionSelector version,
            List<MetadataItem> set,
            List<String> remove,
            Precondition precondition,
            CallOptions call) {
        return submit(
                        Command.newBuilder()
                                .setSetAttributes(SetAttributes.newBuilder()
                                        .setKey(key)
                                        .setVersion(version)
                                        .addAllSet(MetadataItems.sorted(set))
                                        .addAllRemove(remove)
                                        .setPrecondition(precondition)),
                        call)
                .getChange();
    }

    @Override
    public EntryChange setRetention(
            String key, VersionSelector version, Retention retention, boolean bypassGovernance, CallOptions call) {
        return setLock(
                SetLock.newBuilder()
                        .setKey(key)
                        .setVersion(version)
                        .setRetention(retention)
                        .setBypassGovernance(bypassGovernance),
                call);
    }

    @Override
    public EntryChange setLegalHold(String key, VersionSelector version, boolean hold, CallOptions call) {
        return setLock(SetLock.newBuilder().setKey(key).setVersion(version).setLegalHold(hold), call);
    }

    private EntryChange setLock(SetLock.Builder lock, CallOptions call) {
        return submit(Command.newBuilder().setSetLock(lock), call).getChange();
    }

    @Override
    public EntryChange compose(ComposeOptions options, CallOptions call) {
        Compose.Builder compose = Compose.newBuilder()
                .setKey(options.key())
                .setDirectory(options.directory())
                .addAllParts(options.parts())
                .setContentType(options.contentType())
                .addAllMetadata(MetadataItems.sorted(options.metadata()))
                .addAllAttributes(MetadataItems.sorted(options.attributes()))
                .addAllDigests(options.digests())
                .setPrecondition(options.precondition());
        if (!options.lock().equals(ObjectLock.getDefaultInstance())) {
            compose.setLock(options.lock());
        }
        return submit(Command.newBuilder().setCompose(compose), call).getChange();
    }

    @Override
    public Entry copy(CopyOptions options, CallOptions call) {
        Copy.Builder copy = Copy.newBuilder()
                .setFrom(options.from())
                .setTo(options.to())
                .setSource(options.source())
                .setTarget(options.target())
                .setSourceVersion(options.version())
                .addAllDigests(options.digests());
        options.range().ifPresent(copy::setRange);
        options.metadata()
                .ifPresent(metadata -> copy.setReplaceMetadata(true)
                        .setContentType(metadata.contentType())
                        .addAllMetadata(MetadataItems.sorted(metadata.items())));
        options.attributes()
                .ifPresent(attributes ->
                        copy.setReplaceAttributes(true).addAllAttributes(MetadataItems.sorted(attributes)));
        if (!options.lock().equals(ObjectLock.getDefaultInstance())) {
            copy.setLock(options.lock());
        }
        return submit(Command.newBuilder().setCopy(copy), call).getTree().getEntry();
    }

    private StatResponse look(String key, VersionSelector version, boolean metadataOnly, CallOptions call) {
        StatRequest.Builder request = StatRequest.newBuilder()
                .setVolumeId(volume.id())
                .setKey(key)
                .setVersion(version)
                .setHidden(hidden)
                .setMetadataOnly(metadataOnly);
        return calls.stat(volume.group(), request, effective(call));
    }

    private Result submit(Command.Builder command, CallOptions call) {
        return calls.submit(
                volume.group(),
                command.setVolumeId(volume.id()).setHidden(hidden).build(),
                effective(call));
    }

    private CallOptions effective(CallOptions call) {
        return call.withDefaultConsistency(volume.consistency());
    }
}
