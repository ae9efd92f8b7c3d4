package io.moorage.node.store;

import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeKind;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.Relation;
import io.moorage.protocol.v1.Transact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What keys, leases and changes should do, in the plainest way. */
final class KvModel {
    record Item(String value, long version, long lease, boolean appended) {}

    /** What a change should look like; value null = it has none to show. */
    record Event(long version, ChangeKind kind, String key, String value, long previousVersion, boolean appended) {
        boolean matches(Change change) {
            return change.getVersion() == version
                    && change.getKind() == kind
                    && change.getKey().equals(key)
                    && change.getPreviousVersion() == previousVersion;
        }
    }

    record LeaseItem(long ttlMs, long expiresAtMs) {}

    final TreeMap<String, Item> entries = new TreeMap<>();
    final TreeMap<Long, LeaseItem> leases = new TreeMap<>();
    final List<Event> events = new ArrayList<>();
    long leaseMs;
    /** Of the last transaction: what its reads answered, as "key=value" in order. */
    List<String> reads = List.of();

    boolean succeeded;

    /** Null: it succeeds. */
    ErrorCode apply(Command command, long version) {
        return switch (command.getOperationCase()) {
            case PUT -> {
                write(
                        command.getPut().getKey(),
                        command.getPut().getContent().getInline().toStringUtf8(),
                        0,
                        version,
                        ChangeKind.CHANGE_KIND_PUT);
                yield null;
            }
            case APPEND -> {
                Item old = entries.get(command.getAppend().getKey());
                write(
                        command.getAppend().getKey(),
                        (old == null ? "" : old.value)
                                + command.getAppend().getContent().getInline().toStringUtf8(),
                        old == null ? 0 : old.lease,
                        version,
                        ChangeKind.CHANGE_KIND_APPENDED);
                yield null;
            }
            case RENAME ->
                rename(command.getRename().getFrom(), command.getRename().getTo(), version);
            case COPY -> copy(command.getCopy().getFrom(), command.getCopy().getTo(), version);
            case TRANSACT -> transact(command.getTransact(), version);
            case GRANT_LEASE -> {
                long ttl = command.getGrantLease().getTtlMs();
                leases.put(version, new LeaseItem(ttl, leaseMs + ttl));
                yield null;
            }
            case KEEP_LEASE_ALIVE -> {
                long id = command.getKeepLeaseAlive().getLeaseId();
                if (!isLive(id)) {
                    yield ErrorCode.ERROR_CODE_NOT_FOUND;
                }
                leases.computeIfPresent(id, (i, lease) -> new LeaseItem(lease.ttlMs, leaseMs + lease.ttlMs));
                yield null;
            }
            case REVOKE_LEASE -> {
                end(command.getRevokeLease().getLeaseId(), version);
                yield null;
            }
            case EXPIRE_LEASES -> {
                leases.entrySet().stream()
                        .filter(lease -> lease.getValue().expiresAtMs <= leaseMs)
                        .sorted(java.util.Comparator.comparingLong(
                                        (Map.Entry<Long, LeaseItem> lease) -> lease.getValue().expiresAtMs)
                                .thenComparing(Map.Entry::getKey))
                        .limit(command.getExpireLeases().getLimit())
                        .map(Map.Entry::getKey)
                        .toList()
                        .forEach(id -> end(id, version));
                yield null;
            }
            default -> throw new IllegalArgumentException(command.toString());
        };
    }

    private ErrorCode transact(Transact transact, long version) {
        succeeded = transact.getCompareList().stream().allMatch(this::holds);
        List<KvOperation> operations = succeeded ? transact.getSuccessList() : transact.getOtherwiseList();
        for (KvOperation operation : operations) {
            if (operation.hasPut()
                    && operation.getPut().getLeaseId() != 0
                    && !isLive(operation.getPut().getLeaseId())) {
                return ErrorCode.ERROR_CODE_NOT_FOUND;
            }
            if (operation.hasIncrement()) {
                Item old = entries.get(operation.getIncrement().getKey());
                if (old != null && !isNumber(old.value)) {
                    return ErrorCode.ERROR_CODE_PRECONDITION_FAILED;
                }
            }
        }
        reads = new ArrayList<>();
        for (KvOperation operation : operations) {
            switch (operation.getOperationCase()) {
                case PUT -> {
                    previous(operation.getPut().getKey());
                    write(
                            operation.getPut().getKey(),
                            operation.getPut().getValue().toStringUtf8(),
                            operation.getPut().getLeaseId(),
                            version,
                            ChangeKind.CHANGE_KIND_PUT);
                }
                case GET -> previous(operation.getGet().getKey());
                case DELETE -> {
                    previous(operation.getDelete().getKey());
                    remove(operation.getDelete().getKey(), version, ChangeKind.CHANGE_KIND_DELETED);
                }
                case RANGE ->
                    entries.entrySet().stream()
                            .filter(e ->
                                    e.getKey().startsWith(operation.getRange().getPrefix()))
                            .limit(operation.getRange().getLimit())
                            .forEach(e -> reads.add(e.getKey() + "=" + e.getValue().value));
                case INCREMENT -> {
                    String key = operation.getIncrement().getKey();
                    Item old = entries.get(key);
                    long number = (old == null ? 0 : Long.parseLong(old.value))
                            + operation.getIncrement().getBy();
                    write(key, Long.toString(number), old == null ? 0 : old.lease, version, ChangeKind.CHANGE_KIND_PUT);
                    reads.add("#" + number);
                }
                default -> throw new IllegalArgumentException();
            }
        }
        return null;
    }

    private static boolean isNumber(String value) {
        try {
            Long.parseLong(value);
            return value.length() <= 20;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void previous(String key) {
        Item item = entries.get(key);
        reads.add(key + "=" + (item == null ? null : item.value));
    }

    private boolean holds(Compare compare) {
        Item item = entries.get(compare.getKey());
        int order = switch (compare.getTargetCase()) {
            case VALUE -> {
                if (item == null) {
                    yield compare.getRelation() == Relation.RELATION_NOT_EQUAL ? 1 : Integer.MIN_VALUE;
                }
                yield Integer.signum(item.value.compareTo(compare.getValue().toStringUtf8()));
            }
            case VERSION -> Long.compare(item == null ? 0 : item.version, compare.getVersion());
            case EXISTS -> Boolean.compare(item != null, compare.getExists());
            case SIZE -> Long.compare(item == null ? 0 : item.value.length(), compare.getSize());
            case LEASE_ID -> Long.compare(item == null ? 0 : item.lease, compare.getLeaseId());
            default -> throw new IllegalArgumentException();
        };
        if (order == Integer.MIN_VALUE) {
            return false;
        }
        return switch (compare.getRelation()) {
            case RELATION_EQUAL -> order == 0;
            case RELATION_NOT_EQUAL -> order != 0;
            case RELATION_LESS -> order < 0;
            default -> order > 0;
        };
    }

    private ErrorCode rename(String from, String to, long version) {
        Item item = entries.get(from);
        if (item == null) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        if (!from.equals(to)) {
            remove(from, version, ChangeKind.CHANGE_KIND_RENAMED_FROM);
            write(to, item.value, item.lease, version, ChangeKind.CHANGE_KIND_RENAMED_TO);
        }
        return null;
    }

    private ErrorCode copy(String from, String to, long version) {
        Item item = entries.get(from);
        if (item == null) {
            return ErrorCode.ERROR_CODE_NOT_FOUND;
        }
        write(to, item.value, 0, version, ChangeKind.CHANGE_KIND_COPIED);
        return null;
    }

    private boolean isLive(long id) {
        return leases.containsKey(id) && leases.get(id).expiresAtMs > leaseMs;
    }

    private void end(long id, long version) {
        leases.remove(id);
        List.copyOf(entries.entrySet()).stream()
                .filter(e -> id != 0 && e.getValue().lease == id)
                .forEach(e -> remove(e.getKey(), version, ChangeKind.CHANGE_KIND_EXPIRED));
    }

    private void write(String key, String value, long lease, long version, ChangeKind kind) {
        Item old = entries.get(key);
        boolean shared = kind != ChangeKind.CHANGE_KIND_PUT;
        entries.put(key, new Item(value, version, lease, shared));
        events.add(new Event(version, kind, key, value, old == null ? 0 : old.version, shared));
    }

    private void remove(String key, long version, ChangeKind kind) {
        Item old = entries.remove(key);
        if (old != null) {
            events.add(new Event(version, kind, key, null, old.version, false));
        }
    }
}
