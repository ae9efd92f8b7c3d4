package io.moorage.node.store;

import io.moorage.protocol.v1.DeleteVersion;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.SetAttributes;
import io.moorage.protocol.v1.SetLock;
import io.moorage.protocol.v1.VersionSelector;

/** Commands about one version of a key: removing it, changing what is known of it. */
final class VersionOperations {
    private final ApplyContext context;
    private final Heads heads;

    VersionOperations(ApplyContext context, Heads heads) {
        this.context = context;
        this.heads = heads;
    }

    EntryChange delete(VolumeState volume, DeleteVersion delete) {
        byte[] key = KeyRules.any("key", delete.getKey(), context.hidden);
        Entry head = context.head(volume.id, key);
        Entry doomed = select(volume, key, head, delete.getVersion());
        if (doomed == null) {
            return EntryChange.getDefaultInstance();
        }
        Locks.checkRemovable(delete.getKey(), doomed, context.timeMs, delete.getBypassGovernance());
        Entry now = head;
        if (head != null && doomed.getVersion() == head.getVersion()) {
            now = heads.remove(volume, key, head);
        } else {
            heads.discard(volume, key, doomed);
            if (head == null) {
                now = heads.promote(volume, key);
            }
        }
        EntryChange.Builder change =
                EntryChange.newBuilder().setReplaced(true).setPrevious(Heads.describe(delete.getKey(), doomed));
        if (now != null) {
            return change.setEntry(Heads.describe(delete.getKey(), now)).build();
        }
        Entry marker = heads.chain().newest(volume, key);
        if (marker != null) {
            change.setDeleteMarker(Heads.describe(delete.getKey(), marker));
        }
        return change.build();
    }

    EntryChange setAttributes(VolumeState volume, SetAttributes set) {
        byte[] key = KeyRules.any("key", set.getKey(), context.hidden);
        Entry entry = require(volume, set.getKey(), key, set.getVersion());
        Preconditions.check(set.getPrecondition(), set.getKey(), entry);
        Entry.Builder amended = entry.toBuilder()
                .clearAttributes()
                .addAllAttributes(Attributes.changed(entry.getAttributesList(), set));
        return amend(volume, set.getKey(), key, entry, amended.build());
    }

    EntryChange setLock(VolumeState volume, SetLock set) {
        byte[] key = KeyRules.any("key", set.getKey(), context.hidden);
        Entry entry = require(volume, set.getKey(), key, set.getVersion());
        ObjectLock.Builder lock = entry.getLock().toBuilder();
        if (set.hasRetention()) {
            Locks.checkChange(set.getKey(), entry, set.getRetention(), context.timeMs, set.getBypassGovernance());
            lock.setMode(set.getRetention().getMode())
                    .setRetainUntilMs(
                            set.getRetention().getMode() == RetentionMode.RETENTION_MODE_UNSPECIFIED
                                    ? 0
                                    : set.getRetention().getRetainUntilMs());
        }
        if (set.hasLegalHold()) {
            lock.setLegalHold(set.getLegalHold());
        }
        ObjectLock next = lock.build();
        volume.unlocked(entry.getLock());
        volume.locked(next);
        Entry.Builder amended = entry.toBuilder().clearLock();
        if (!next.equals(ObjectLock.getDefaultInstance())) {
            amended.setLock(next);
        }
        return amend(volume, set.getKey(), key, entry, amended.build());
    }

    /**
     * The version of a key that a command names, or the newest if it names none.
     *
     * @throws Refusal NOT_FOUND if it is not there; INVALID_ARGUMENT if it is a delete marker
     */
    Entry require(VolumeState volume, String name, byte[] key, VersionSelector selector) {
        Entry found = select(volume, key, context.head(volume.id, key), selector);
        if (found == null) {
            boolean newest = selector.getWhichCase() == VersionSelector.WhichCase.WHICH_NOT_SET;
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_NOT_FOUND,
                    newest
                            ? "there is no " + KeyRules.show(name)
                            : "there is no such version of " + KeyRules.show(name)
                                    + "; it was removed, or was never there");
        }
        if (found.getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER) {
            throw Refusal.invalid("version " + found.getVersion() + " of " + KeyRules.show(name)
                    + " is a delete marker, which can only be removed");
        }
        return found;
    }

    private Entry select(VolumeState volume, byte[] key, Entry head, VersionSelector selector) {
        return switch (selector.getWhichCase()) {
            case VERSION ->
                head != null && head.getVersion() == selector.getVersion()
                        ? head
                        : heads.chain().at(volume, key, selector.getVersion());
            case NULL_VERSION ->
                head != null && !head.getVersioned() ? head : heads.chain().nullVersion(volume, key);
            case WHICH_NOT_SET -> head;
        };
    }

    private EntryChange amend(VolumeState volume, String name, byte[] key, Entry old, Entry amended) {
        Entry head = context.head(volume.id, key);
        Entry stored = amended;
        if (head != null && head.getVersion() == old.getVersion()) {
            stored = heads.amend(volume, key, old, amended);
        } else {
            heads.chain().amend(volume, key, amended);
        }
        return EntryChange.newBuilder()
                .setReplaced(true)
                .setEntry(Heads.describe(name, stored))
                .build();
    }
}
