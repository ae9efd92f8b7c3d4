package io.moorage.node.store;

import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.List;
import java.util.regex.Pattern;

/** What can be said against a command without looking at the state. The leader asks before logging, apply asks again. */
public final class CommandValidator {
    private static final Pattern VOLUME_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private CommandValidator() {}

    /** @throws Refusal INVALID_ARGUMENT or TOO_LARGE */
    public static void check(Command command) {
        boolean hidden = command.getHidden();
        switch (command.getOperationCase()) {
            case PUT -> {
                KeyRules.file(command.getPut().getKey(), hidden);
                content(command.getPut().getContent());
                contentType(command.getPut().getContentType());
                metadata("metadata", command.getPut().getMetadataList(), StoreLimits.MAX_METADATA_BYTES);
                metadata("attributes", command.getPut().getAttributesList(), StoreLimits.MAX_ATTRIBUTE_BYTES);
                digests(command.getPut().getDigestsCount());
                VersionCommands.lock(command.getPut().getLock());
            }
            case APPEND -> {
                KeyRules.file(command.getAppend().getKey(), hidden);
                content(command.getAppend().getContent());
                contentType(command.getAppend().getContentType());
            }
            case DELETE -> {
                if (command.getDelete().getDirectoryMarker()) {
                    KeyRules.directory(command.getDelete().getKey(), hidden);
                } else {
                    KeyRules.file(command.getDelete().getKey(), hidden);
                }
            }
            case DELETE_TREE -> {
                if (!command.getDeleteTree().getPrefix().isEmpty()) {
                    KeyRules.directory(command.getDeleteTree().getPrefix(), hidden);
                }
                range("limit", command.getDeleteTree().getLimit(), StoreLimits.MAX_DELETE_TREE);
            }
            case RENAME -> {
                KeyRules.any("from", command.getRename().getFrom(), hidden);
                KeyRules.any("to", command.getRename().getTo(), hidden);
            }
            case COPY -> {
                KeyRules.any("from", command.getCopy().getFrom(), hidden);
                KeyRules.any("to", command.getCopy().getTo(), hidden);
                contentType(command.getCopy().getContentType());
                metadata("metadata", command.getCopy().getMetadataList(), StoreLimits.MAX_METADATA_BYTES);
                metadata("attributes", command.getCopy().getAttributesList(), StoreLimits.MAX_ATTRIBUTE_BYTES);
                digests(command.getCopy().getDigestsCount());
                VersionCommands.lock(command.getCopy().getLock());
                VersionCommands.copy(command.getCopy());
            }
            case MAKE_DIRECTORY -> {
                KeyRules.directory(command.getMakeDirectory().getKey(), hidden);
                contentType(command.getMakeDirectory().getContentType());
                metadata("metadata", command.getMakeDirectory().getMetadataList(), StoreLimits.MAX_METADATA_BYTES);
                metadata("attributes", command.getMakeDirectory().getAttributesList(), StoreLimits.MAX_ATTRIBUTE_BYTES);
            }
            case REMOVE_DIRECTORY ->
                KeyRules.directory(command.getRemoveDirectory().getKey(), hidden);
            case COMPOSE, SET_ATTRIBUTES, SET_LOCK, SET_VERSIONING, DELETE_VERSION -> VersionCommands.check(command);
            case CREATE_VOLUME -> spec(command.getCreateVolume().getSpec());
            case UPDATE_VOLUME -> spec(command.getUpdateVolume().getSpec());
            case CREATE_PIN -> pinName(command.getCreatePin().getName());
            case RENEW_PIN -> pinName(command.getRenewPin().getName());
            case RELEASE_PIN -> pinName(command.getReleasePin().getName());
            case SWEEP_HISTORY -> range("limit", command.getSweepHistory().getLimit(), StoreLimits.MAX_SWEEP);
            case TRANSACT -> KvValidator.transact(command.getTransact());
            case GRANT_LEASE -> KvValidator.lease(command.getGrantLease());
            case SUCCEED_GROUP -> {
                if (command.getSucceedGroup().getGroupId().size() != 16) {
                    throw Refusal.invalid("group_id has "
                            + command.getSucceedGroup().getGroupId().size() + " bytes, not 16");
                }
            }
            case EXPIRE_LEASES -> range("limit", command.getExpireLeases().getLimit(), StoreLimits.MAX_EXPIRE_LEASES);
            case DELETE_VOLUME, BARRIER, VERIFY_STATE, KEEP_LEASE_ALIVE, REVOKE_LEASE -> {
                // Nothing to say.
            }
            case OPERATION_NOT_SET ->
                throw Refusal.invalid(
                        "the command names no operation that this version knows; are all nodes of one version?");
        }
    }

    private static void content(Content content) {
        switch (content.getKindCase()) {
            case INLINE -> {
                if (content.getInline().size() > StoreLimits.MAX_INLINE_BYTES) {
                    throw tooLarge("inline content", content.getInline().size(), StoreLimits.MAX_INLINE_BYTES);
                }
            }
            case STORED -> {
                List<Extent> extents = content.getStored().getExtentsList();
                if (extents.size() > StoreLimits.MAX_EXTENTS) {
                    throw tooLarge("the number of extents", extents.size(), StoreLimits.MAX_EXTENTS);
                }
                extents.forEach(CommandValidator::extent);
            }
            case KIND_NOT_SET -> throw Refusal.invalid("content is missing");
        }
    }

    private static void extent(Extent extent) {
        if (extent.getInline()
                || StoreLimits.isInlineId(extent.getIdLow())
                || extent.getLength() <= 0
                || extent.getOffset() < 0
                || extent.getStoredLength() > StoreLimits.MAX_EXTENT_BYTES
                || (long) extent.getOffset() + extent.getLength() > extent.getStoredLength()) {
            throw Refusal.invalid(
                    "an extent of the content is not within its stored length, or has the id of an inline one");
        }
    }

    static void digests(int count) {
        if (count > 8) {
            throw Refusal.invalid("at most 8 digests can be kept with an entry");
        }
    }

    static void contentType(String value) {
        if (Keys.utf8(value).length > StoreLimits.MAX_CONTENT_TYPE_BYTES) {
            throw tooLarge("content type", Keys.utf8(value).length, StoreLimits.MAX_CONTENT_TYPE_BYTES);
        }
    }

    static void metadata(String field, List<MetadataItem> items, int maxBytes) {
        long bytes = 0;
        String previous = null;
        for (MetadataItem item : items) {
            bytes += Keys.utf8(item.getName()).length + Keys.utf8(item.getValue()).length;
            if (previous != null && previous.compareTo(item.getName()) >= 0) {
                throw Refusal.invalid(field + " names must be sorted and unique; '" + item.getName() + "' is not");
            }
            previous = item.getName();
        }
        if (bytes > maxBytes) {
            throw tooLarge(field, bytes, maxBytes);
        }
    }

    private static void spec(VolumeSpec spec) {
        if (!VOLUME_NAME.matcher(spec.getName()).matches()) {
            throw Refusal.invalid("volume name " + KeyRules.show(spec.getName())
                    + " is not a DNS label: 1 to 63 lower-case letters, digits and '-', not '-' at the ends");
        }
        if (spec.getQuotaBytes() < 0 || spec.getQuotaEntries() < 0) {
            throw Refusal.invalid("a quota must not be negative; 0 means unlimited");
        }
        metadata("labels", spec.getLabelsList(), StoreLimits.MAX_METADATA_BYTES);
    }

    private static void pinName(String name) {
        if (name.isEmpty() || name.length() > StoreLimits.MAX_PIN_NAME) {
            throw Refusal.invalid(
                    "a pin's name has 1 to " + StoreLimits.MAX_PIN_NAME + " characters, not " + name.length());
        }
    }

    private static void range(String field, int value, int max) {
        if (value < 1 || value > max) {
            throw Refusal.invalid(field + " is " + value + "; it must be 1 to " + max);
        }
    }

    private static Refusal tooLarge(String what, long size, long max) {
        return Refusal.of(
                ErrorCode.ERROR_CODE_TOO_LARGE, what + " has " + size + ", and at most " + max + " is allowed");
    }
}
