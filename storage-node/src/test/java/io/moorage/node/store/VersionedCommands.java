package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Append;
import io.moorage.protocol.v1.ByteRange;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.Compose;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.DeleteVersion;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Part;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.Retention;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.SetAttributes;
import io.moorage.protocol.v1.SetLock;
import io.moorage.protocol.v1.SetVersioning;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random commands about versions of a few keys, so that they meet. Equal seeds and models give equal commands. */
final class VersionedCommands {
    private static final String[] KEYS = {"b/a", "b/b", "b/d/x", "b/d/y", "c/a", "c/d/x"};
    private static final String[] TREES = {"b/d/", "c/d/", "b/e/"};
    private static final String PARTS = "\u0001parts/1/";

    private final Random random;

    VersionedCommands(long seed) {
        random = new Random(seed);
    }

    /** As the first of a log, which makes 0 the volume's id. */
    static CommandBatch createVolume() {
        return CommandBatch.newBuilder()
                .addCommands(Command.newBuilder()
                        .setCreateVolume(CreateVolume.newBuilder()
                                .setSpec(VolumeSpec.newBuilder().setName("v"))))
                .build();
    }

    /** One to three commands, at a time that may be before the last one's. */
    CommandBatch batch(VersionModel model, int round) {
        CommandBatch.Builder batch = CommandBatch.newBuilder().setTimestampMs(1000L + round * 10L + random.nextInt(30));
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            batch.addCommands(next(model, batch.getTimestampMs()));
        }
        return batch.build();
    }

    private Command.Builder next(VersionModel model, long timeMs) {
        Command.Builder command = Command.newBuilder();
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> {
                Put.Builder put = Put.newBuilder().setKey(key()).setContent(content());
                if (random.nextInt(3) == 0) {
                    put.addAttributes(attribute());
                }
                command.setPut(put);
            }
            case 5 -> command.setAppend(Append.newBuilder().setKey(key()).setContent(content()));
            case 6, 7 -> command.setDelete(Delete.newBuilder().setKey(key()));
            case 8, 9, 10 -> {
                String key = key();
                command.setDeleteVersion(DeleteVersion.newBuilder()
                        .setKey(key)
                        .setVersion(selector(model, key, false))
                        .setBypassGovernance(random.nextInt(4) == 0));
            }
            case 11, 12 ->
                command.setSetVersioning(SetVersioning.newBuilder()
                        .setDirectory(random.nextInt(4) == 0 ? "c/" : "b/")
                        .setState(VersioningState.forNumber(random.nextInt(3))));
            case 13 -> {
                String key = key();
                SetAttributes.Builder set = SetAttributes.newBuilder()
                        .setKey(key)
                        .setVersion(selector(model, key, true))
                        .addRemove("t" + random.nextInt(3));
                command.setSetAttributes(random.nextBoolean() ? set.addSet(attribute()) : set);
            }
            case 14 -> command.setSetLock(lock(model, timeMs));
            case 15 -> command.setCopy(copy(model));
            case 16 -> {
                boolean tree = random.nextInt(3) == 0;
                command.setRename(Rename.newBuilder()
                        .setFrom(tree ? TREES[random.nextInt(TREES.length)] : key())
                        .setTo(tree ? TREES[random.nextInt(TREES.length)] : key()));
                if (command.getRename().getTo().endsWith("/")
                        != command.getRename().getFrom().endsWith("/")) {
                    throw new AssertionError("a file to a tree");
                }
            }
            case 17 -> {
                if (random.nextBoolean()) {
                    command.setCreatePin(CreatePin.newBuilder().setName("p" + random.nextInt(3)));
                } else {
                    command.setReleasePin(ReleasePin.newBuilder().setName("p" + random.nextInt(3)));
                }
            }
            case 18 -> {
                if (random.nextInt(3) == 0) {
                    command.setDeleteTree(
                            DeleteTree.newBuilder().setPrefix("b/d/").setLimit(1 + random.nextInt(3)));
                } else {
                    command.setSweepHistory(SweepHistory.newBuilder().setLimit(1 + random.nextInt(4)));
                }
            }
            default -> {
                command.setHidden(true);
                if (random.nextInt(3) > 0) {
                    command.setPut(Put.newBuilder()
                            .setKey(PARTS + (1 + random.nextInt(3)))
                            .setContent(content()));
                } else {
                    command.setCompose(compose(model));
                }
            }
        }
        return command;
    }

    private Compose compose(VersionModel model) {
        Compose.Builder compose =
                Compose.newBuilder().setKey(key()).setDirectory(PARTS).addAttributes(attribute());
        for (int part = 1; part <= 3; part++) {
            VersionModel.Version present = model.current(PARTS + part);
            if (present != null && random.nextInt(8) > 0) {
                long version = random.nextInt(8) == 0 ? present.version() + 1 : present.version();
                Part named =
                        Part.newBuilder().setName("" + part).setVersion(version).build();
                compose.addParts(named);
                if (random.nextInt(8) == 0) {
                    compose.addParts(named);
                }
            }
        }
        if (compose.getPartsCount() == 0) {
            compose.addParts(Part.newBuilder().setName("missing").setVersion(1));
        }
        return compose.build();
    }

    private SetLock lock(VersionModel model, long timeMs) {
        String key = key();
        SetLock.Builder lock = SetLock.newBuilder().setKey(key).setVersion(selector(model, key, true));
        if (random.nextBoolean()) {
            return lock.setLegalHold(random.nextInt(3) == 0).build();
        }
        int mode = random.nextInt(3);
        return lock.setRetention(Retention.newBuilder()
                        .setMode(RetentionMode.forNumber(mode))
                        .setRetainUntilMs(mode == 0 ? 0 : timeMs + random.nextInt(400)))
                .setBypassGovernance(random.nextBoolean())
                .build();
    }

    private Copy copy(VersionModel model) {
        String from = key();
        Copy.Builder copy = Copy.newBuilder().setFrom(from).setTo(key()).setSourceVersion(selector(model, from, true));
        if (random.nextInt(3) == 0) {
            copy.setRange(ByteRange.newBuilder().setOffset(random.nextInt(2)).setLength(1 + random.nextInt(2)));
        }
        return copy.build();
    }

    private VersionSelector selector(VersionModel model, String key, boolean orNewest) {
        List<VersionModel.Version> chain = model.chains().getOrDefault(key, List.of());
        return switch (random.nextInt(orNewest ? 5 : 4)) {
            case 0 -> VersionSelector.newBuilder().setNullVersion(true).build();
            case 1, 2, 3 ->
                VersionSelector.newBuilder()
                        .setVersion(
                                chain.isEmpty()
                                        ? 1
                                        : chain.get(random.nextInt(chain.size()))
                                                .version())
                        .build();
            default -> VersionSelector.getDefaultInstance();
        };
    }

    private MetadataItem attribute() {
        return MetadataItem.newBuilder()
                .setName("t" + random.nextInt(3))
                .setValue("" + random.nextInt(10))
                .build();
    }

    private Content content() {
        return Content.newBuilder()
                .setInline(ByteString.copyFromUtf8("x".repeat(random.nextInt(4)) + random.nextInt(10)))
                .build();
    }

    private String key() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    /** What undoes everything: no pins, no locks, no versions, nothing hidden. At a time when every retention has ended. */
    static CommandBatch clear(long volume, VersionModel model, List<String> pins) {
        List<Command.Builder> commands = new ArrayList<>();
        pins.forEach(pin -> commands.add(
                Command.newBuilder().setReleasePin(ReleasePin.newBuilder().setName(pin))));
        model.chains()
                .forEach((key, chain) -> chain.forEach(version -> {
                    VersionSelector selector = VersionSelector.newBuilder()
                            .setVersion(version.version())
                            .build();
                    if (version.lock().getLegalHold()) {
                        commands.add(Command.newBuilder()
                                .setSetLock(SetLock.newBuilder()
                                        .setKey(key)
                                        .setVersion(selector)
                                        .setLegalHold(false)));
                    }
                    commands.add(Command.newBuilder()
                            .setHidden(true)
                            .setDeleteVersion(
                                    DeleteVersion.newBuilder().setKey(key).setVersion(selector)));
                }));
        // A sweep goes on where the last one stopped, so it takes two to be sure to have seen everything.
        for (int i = 0; i < 2; i++) {
            commands.add(Command.newBuilder()
                    .setSweepHistory(SweepHistory.newBuilder().setLimit(10_000)));
        }
        for (String directory : List.of("b/", "c/")) {
            commands.add(Command.newBuilder()
                    .setSetVersioning(SetVersioning.newBuilder().setDirectory(directory)));
        }
        CommandBatch.Builder batch = CommandBatch.newBuilder().setTimestampMs(1_000_000);
        commands.forEach(command -> batch.addCommands(command.setVolumeId(volume)));
        return batch.build();
    }
}
