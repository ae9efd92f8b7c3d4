package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Append;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.MakeDirectory;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.RemoveDirectory;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.RequestId;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random commands over a few keys, so that they meet. Equal seeds give equal commands. */
final class Commands {
    private static final String[] KEYS = {"a", "b", "d/a", "d/b", "d/e/f", "d-", "e/a"};
    private static final String[] DIRECTORIES = {"d/", "e/", "d/e/", "f/"};

    private final Random random;
    private long index;
    private long sequence;
    private long volume;

    Commands(long seed) {
        random = new Random(seed);
    }

    void createVolume(GroupStore store) {
        ApplyOutcome outcome = store.apply(1, nextIndex(), createVolumeBatch());
        volume = outcome.results().get(0).getVolume().getId();
    }

    CommandBatch createVolumeBatch() {
        // In the log that starts with it, the volume's id is the version of its creation.
        volume = Versions.of(index, 0);
        return CommandBatch.newBuilder()
                .addCommands(Command.newBuilder()
                        .setCreateVolume(CreateVolume.newBuilder()
                                .setSpec(VolumeSpec.newBuilder().setName("v"))))
                .build();
    }

    long volume() {
        return volume;
    }

    long nextIndex() {
        return index++;
    }

    CommandBatch toProto(List<Command> commands) {
        return CommandBatch.newBuilder()
                .setTimestampMs(1000 + random.nextInt(1000))
                .addAllCommands(commands)
                .build();
    }

    List<Command> batch(Model model) {
        List<Command> commands = new ArrayList<>();
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            commands.add(Command.newBuilder(next(model))
                    .setVolumeId(volume)
                    .setRequest(RequestId.newBuilder()
                            .setClientHigh(1)
                            .setClientLow(random.nextInt(3))
                            .setSequence(++sequence)
                            .setAcknowledgedBelow(Math.max(1, sequence - random.nextInt(10))))
                    .build());
        }
        return commands;
    }

    private Command next(Model model) {
        Command.Builder command = Command.newBuilder();
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 ->
                command.setPut(
                        Put.newBuilder().setKey(key()).setContent(content()).setPrecondition(condition(model)));
            case 4, 5 ->
                command.setAppend(
                        Append.newBuilder().setKey(key()).setContent(content()).setPrecondition(condition(model)));
            case 6, 7 -> command.setDelete(Delete.newBuilder().setKey(key()).setPrecondition(condition(model)));
            case 8 -> command.setRename(Rename.newBuilder().setFrom(any()).setTo(any()));
            case 9 -> command.setCopy(Copy.newBuilder().setFrom(any()).setTo(any()));
            case 10 -> command.setCreatePin(CreatePin.newBuilder().setName("p" + random.nextInt(3)));
            case 11 -> command.setReleasePin(ReleasePin.newBuilder().setName("p" + random.nextInt(3)));
            case 12 -> {
                if (random.nextBoolean()) {
                    command.setMakeDirectory(MakeDirectory.newBuilder().setKey(directory()));
                } else {
                    command.setRemoveDirectory(RemoveDirectory.newBuilder().setKey(directory()));
                }
            }
            default -> {
                if (random.nextBoolean()) {
                    command.setSweepHistory(SweepHistory.newBuilder().setLimit(1 + random.nextInt(4)));
                } else {
                    command.setDeleteTree(
                            DeleteTree.newBuilder().setPrefix(directory()).setLimit(1 + random.nextInt(3)));
                }
            }
        }
        return command.build();
    }

    private Content content() {
        return Content.newBuilder()
                .setInline(ByteString.copyFromUtf8("x".repeat(random.nextInt(4)) + random.nextInt(10)))
                .build();
    }

    private Precondition condition(Model model) {
        return switch (random.nextInt(6)) {
            case 0 -> Precondition.newBuilder().setMustExist(true).build();
            case 1 -> Precondition.newBuilder().setMustNotExist(true).build();
            case 2 ->
                Precondition.newBuilder()
                        .addVersionAnyOf(model.now().values().stream()
                                .skip(random.nextInt(3))
                                .findFirst()
                                .map(Model.Item::version)
                                .orElse(1L))
                        .build();
            default -> Precondition.getDefaultInstance();
        };
    }

    private String any() {
        return random.nextInt(3) == 0 ? directory() : key();
    }

    private String key() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private String directory() {
        return DIRECTORIES[random.nextInt(DIRECTORIES.length)];
    }
}
