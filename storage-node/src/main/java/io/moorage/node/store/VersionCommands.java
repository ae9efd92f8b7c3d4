package io.moorage.node.store;

import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Compose;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.SetAttributes;
import io.moorage.protocol.v1.SetVersioning;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;

/** What can be said against commands about versions, parts, attributes and locks without looking at the state. */
final class VersionCommands {
    private VersionCommands() {}

    /** @throws Refusal INVALID_ARGUMENT or TOO_LARGE */
    static void check(Command command) {
        boolean hidden = command.getHidden();
        switch (command.getOperationCase()) {
            case COMPOSE -> compose(command.getCompose(), hidden);
            case SET_ATTRIBUTES -> attributes(command.getSetAttributes(), hidden);
            case SET_LOCK -> {
                KeyRules.any("key", command.getSetLock().getKey(), hidden);
                if (command.getSetLock().hasRetention()) {
                    mode(command.getSetLock().getRetention().getMode());
                }
            }
            case SET_VERSIONING -> versioning(command.getSetVersioning());
            case DELETE_VERSION -> {
                KeyRules.any("key", command.getDeleteVersion().getKey(), hidden);
                if (command.getDeleteVersion().getVersion().getWhichCase() == VersionSelector.WhichCase.WHICH_NOT_SET) {
                    throw Refusal.invalid("version is missing; name the one to remove, or use delete");
                }
            }
            default -> throw new IllegalArgumentException("not about versions: " + command.getOperationCase());
        }
    }

    static void lock(ObjectLock lock) {
        mode(lock.getMode());
        if ((lock.getMode() == RetentionMode.RETENTION_MODE_UNSPECIFIED) != (lock.getRetainUntilMs() == 0)) {
            throw Refusal.invalid(
                    "lock.retain_until_ms is " + lock.getRetainUntilMs() + "; set it together with lock.mode");
        }
    }

    /** What only a copy of one file can do. */
    static void copy(Copy copy) {
        boolean tree = copy.getFrom().endsWith("/");
        boolean ofOneFile = copy.getSourceVersion().getWhichCase() != VersionSelector.WhichCase.WHICH_NOT_SET
                || copy.hasRange()
                || copy.hasLock()
                || copy.getReplaceAttributes()
                || copy.getDigestsCount() > 0;
        if (tree && ofOneFile) {
            throw Refusal.invalid("from " + KeyRules.show(copy.getFrom())
                    + " is a directory; source_version, range, attributes, digests and lock are for files");
        }
    }

    private static void compose(Compose compose, boolean hidden) {
        KeyRules.file(compose.getKey(), hidden);
        KeyRules.directory(compose.getDirectory(), true);
        if (!KeyRules.isHidden(compose.getDirectory())) {
            throw Refusal.invalid("directory " + KeyRules.show(compose.getDirectory())
                    + " is not hidden; only entries in a hidden one can be joined, because they are deleted");
        }
        if (compose.getKey().startsWith(compose.getDirectory())) {
            throw Refusal.invalid("key " + KeyRules.show(compose.getKey()) + " is within the directory of the parts");
        }
        if (compose.getPartsCount() < 1 || compose.getPartsCount() > StoreLimits.MAX_PARTS) {
            throw Refusal.invalid(
                    "parts are " + compose.getPartsCount() + "; they must be 1 to " + StoreLimits.MAX_PARTS);
        }
        CommandValidator.contentType(compose.getContentType());
        CommandValidator.metadata("metadata", compose.getMetadataList(), StoreLimits.MAX_METADATA_BYTES);
        CommandValidator.metadata("attributes", compose.getAttributesList(), StoreLimits.MAX_ATTRIBUTE_BYTES);
        CommandValidator.digests(compose.getDigestsCount());
        lock(compose.getLock());
    }

    private static void attributes(SetAttributes set, boolean hidden) {
        KeyRules.any("key", set.getKey(), hidden);
        CommandValidator.metadata("attributes", set.getSetList(), StoreLimits.MAX_ATTRIBUTE_BYTES);
        long removed = set.getRemoveList().stream()
                .mapToLong(name -> Keys.utf8(name).length)
                .sum();
        if (removed > StoreLimits.MAX_ATTRIBUTE_BYTES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "remove has names of " + removed + " bytes, and at most " + StoreLimits.MAX_ATTRIBUTE_BYTES
                            + " is allowed");
        }
    }

    private static void versioning(SetVersioning set) {
        String directory = set.getDirectory();
        KeyRules.directory(directory);
        if (directory.indexOf('/') != directory.length() - 1) {
            throw Refusal.invalid("directory " + KeyRules.show(directory)
                    + " is not at the top of the volume; versions are kept by top-level directory");
        }
        if (set.getState() == VersioningState.UNRECOGNIZED) {
            throw Refusal.invalid("state " + set.getStateValue() + " is not known to this version");
        }
    }

    private static void mode(RetentionMode mode) {
        if (mode == RetentionMode.UNRECOGNIZED) {
            throw Refusal.invalid("the retention's mode is not known to this version");
        }
    }
}
