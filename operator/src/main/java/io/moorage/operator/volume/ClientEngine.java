package io.moorage.operator.volume;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.RenewPin;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.UpdateVolume;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import java.time.Duration;
import java.util.List;

/** {@link Engine} by calls to the storage nodes. */
public final class ClientEngine implements Engine {
    private static final Duration DESCRIBE = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofMillis(2500);
    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withDeadline(DEADLINE);

    private final MoorageClient client;

    public ClientEngine(MoorageClient client) {
        this.client = client;
    }

    @Override
    public List<NodeView> describe() {
        return client.admin().describe(DESCRIBE);
    }

    @Override
    public List<Volume> volumes(GroupId group, Consistency consistency) {
        return client.volumes(group, OPTIONS.withConsistency(consistency).withDeadline(DESCRIBE));
    }

    @Override
    public Volume create(GroupId group, VolumeSpec spec) {
        try {
            return submit(
                            group,
                            Command.newBuilder()
                                    .setCreateVolume(CreateVolume.newBuilder().setSpec(spec)))
                    .getVolume();
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_ALREADY_EXISTS) {
                throw e;
            }
            return volumes(group, Consistency.CONSISTENCY_STRONG).stream()
                    .filter(volume -> volume.getSpec().getName().equals(spec.getName()))
                    .findFirst()
                    .orElseThrow(() -> e);
        }
    }

    @Override
    public Volume update(GroupId group, long volume, VolumeSpec spec, long expectedVersion) {
        return submit(
                        group,
                        Command.newBuilder()
                                .setVolumeId(volume)
                                .setUpdateVolume(
                                        UpdateVolume.newBuilder().setSpec(spec).setExpectedVersion(expectedVersion)))
                .getVolume();
    }

    @Override
    public void delete(GroupId group, long volume, boolean force) {
        submit(
                group,
                Command.newBuilder()
                        .setVolumeId(volume)
                        .setDeleteVolume(DeleteVolume.newBuilder().setForce(force)));
    }

    @Override
    public Pin pin(GroupId group, long volume, String name) {
        try {
            return submit(
                            group,
                            Command.newBuilder()
                                    .setVolumeId(volume)
                                    .setCreatePin(
                                            CreatePin.newBuilder().setName(name).setKind(PinKind.PIN_KIND_SNAPSHOT)))
                    .getPin()
                    .getPin();
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_ALREADY_EXISTS) {
                throw e;
            }
            // Made by a call whose answer was not seen. Renewing it changes nothing, because it never expires.
            return submit(
                            group,
                            Command.newBuilder()
                                    .setVolumeId(volume)
                                    .setRenewPin(RenewPin.newBuilder().setName(name)))
                    .getPin()
                    .getPin();
        }
    }

    @Override
    public void release(GroupId group, long volume, String name) {
        try {
            submit(
                    group,
                    Command.newBuilder()
                            .setVolumeId(volume)
                            .setReleasePin(ReleasePin.newBuilder().setName(name)));
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND) {
                throw e;
            }
        }
    }

    private Result submit(GroupId group, Command.Builder command) {
        return client.submit(group, command.build(), OPTIONS);
    }
}
