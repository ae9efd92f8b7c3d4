package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Failure;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvDelete;
import io.moorage.protocol.v1.KvIncrement;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvPut;
import io.moorage.protocol.v1.KvRange;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.TransactResult;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Transactions over keys. Everything that may be said against one is found before it changes anything; that works because no key
 * is written twice in a branch.
 */
final class TransactOperations {
    private static final long MAX_RANGE_BYTES = 1 << 20;

    private final ApplyContext context;
    private final Heads heads;
    private final EntryOperations entries;

    TransactOperations(ApplyContext context, Heads heads, EntryOperations entries) {
        this.context = context;
        this.heads = heads;
        this.entries = entries;
    }

    TransactResult transact(VolumeState volume, Transact transact) {
        boolean holds = transact.getCompareList().stream()
                .allMatch(compare -> Comparisons.holds(
                        heads, volume, compare, context.head(volume.id, Keys.utf8(compare.getKey()))));
        List<KvOperation> operations = holds ? transact.getSuccessList() : transact.getOtherwiseList();
        Map<String, Long> numbers = check(volume, operations);
        TransactResult.Builder result = TransactResult.newBuilder().setSucceeded(holds);
        KeyValues values = new KeyValues(heads);
        int ordinal = 0;
        for (KvOperation operation : operations) {
            result.addResults(
                    switch (operation.getOperationCase()) {
                        case PUT -> put(volume, operation.getPut(), ordinal++, values);
                        case GET -> get(volume, operation.getGet().getKey(), values);
                        case DELETE -> delete(volume, operation.getDelete(), values);
                        case RANGE -> range(volume, operation.getRange(), values);
                        case INCREMENT -> {
                            String key = operation.getIncrement().getKey();
                            yield increment(volume, key, numbers.get(key), ordinal++);
                        }
                        case OPERATION_NOT_SET -> throw new AssertionError("the validator refuses it");
                    });
        }
        return result.build();
    }

    /** @return the new numbers of the counters that are incremented */
    private Map<String, Long> check(VolumeState volume, List<KvOperation> operations) {
        Map<String, Long> numbers = new HashMap<>();
        Map<Long, Integer> attached = new HashMap<>();
        long moreEntries = 0;
        long moreBytes = 0;
        for (KvOperation operation : operations) {
            switch (operation.getOperationCase()) {
                case PUT -> {
                    KvPut put = operation.getPut();
                    Entry old = context.head(volume.id, Keys.utf8(put.getKey()));
                    moreEntries += old == null ? 1 : 0;
                    moreBytes +=
                            growth(volume, put.getKey(), old, put.getValue().size());
                    if (put.getLeaseId() != 0) {
                        checkLease(volume, put.getLeaseId(), attached.merge(put.getLeaseId(), 1, Integer::sum));
                    }
                }
                case DELETE -> {
                    Entry old = context.head(
                            volume.id, Keys.utf8(operation.getDelete().getKey()));
                    moreEntries -= old == null ? 0 : 1;
                    moreBytes += growth(volume, operation.getDelete().getKey(), old, 0);
                }
                case INCREMENT -> {
                    KvIncrement increment = operation.getIncrement();
                    Entry old = context.head(volume.id, Keys.utf8(increment.getKey()));
                    long number = sum(volume, increment, old);
                    numbers.put(increment.getKey(), number);
                    moreEntries += old == null ? 1 : 0;
                    moreBytes += growth(
                            volume,
                            increment.getKey(),
                            old,
                            Long.toString(number).length());
                }
                default -> {
                    // Reads need no room.
                }
            }
        }
        volume.checkQuota(moreEntries, moreBytes);
        return numbers;
    }

    /** @throws Refusal LOCKED if what is there must not be replaced */
    private long growth(VolumeState volume, String name, Entry old, long size) {
        byte[] key = Keys.utf8(name);
        heads.checkReplaceable(volume, key, name, old);
        return heads.growth(volume, key, old, size);
    }

    private void checkLease(VolumeState volume, long id, int more) {
        if (LeaseOperations.live(context, volume, id).getKeys() + more > StoreLimits.MAX_LEASE_KEYS) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "lease " + id + " would have more than " + StoreLimits.MAX_LEASE_KEYS
                            + " keys; attach some to another one");
        }
    }

    private long sum(VolumeState volume, KvIncrement increment, Entry old) {
        if (old == null) {
            return increment.getBy();
        }
        Optional<ByteString> value = old.getSize() > 20 ? Optional.empty() : KeyValues.value(heads, volume.id, old);
        try {
            return Math.addExact(Long.parseLong(value.orElse(ByteString.EMPTY).toStringUtf8()), increment.getBy());
        } catch (NumberFormatException e) {
            throw notCounted(increment.getKey(), old, "is not a whole number of 64 bits, and cannot be incremented");
        } catch (ArithmeticException e) {
            throw notCounted(increment.getKey(), old, "would no longer be a whole number of 64 bits");
        }
    }

    private static Refusal notCounted(String key, Entry present, String why) {
        return new Refusal(Failure.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_PRECONDITION_FAILED)
                .setMessage("the value of " + KeyRules.show(key) + " " + why)
                .setCurrentVersion(present.getVersion())
                .build());
    }

    private KvResult put(VolumeState volume, KvPut put, int ordinal, KeyValues values) {
        byte[] key = Keys.utf8(put.getKey());
        Entry old = context.head(volume.id, key);
        KvResult.Builder result = KvResult.newBuilder().setExisted(old != null);
        if (put.getReturnPrevious() && old != null) {
            result.setPrevious(values.of(volume.id, put.getKey(), old));
        }
        Entry now = write(volume, key, old, put.getValue(), put.getContentType(), put.getLeaseId(), ordinal);
        return result.setEntry(described(put.getKey(), now)).build();
    }

    private KvResult increment(VolumeState volume, String name, long number, int ordinal) {
        byte[] key = Keys.utf8(name);
        Entry old = context.head(volume.id, key);
        ByteString value = ByteString.copyFromUtf8(Long.toString(number));
        String type = old == null ? "text/plain" : old.getContentType();
        Entry now = write(volume, key, old, value, type, old == null ? 0 : old.getLeaseId(), ordinal);
        return KvResult.newBuilder()
                .setExisted(old != null)
                .setEntry(described(name, now))
                .setNumber(number)
                .build();
    }

    private Entry write(
            VolumeState volume, byte[] key, Entry old, ByteString value, String type, long lease, int ordinal) {
        Entry.Builder entry = Entry.newBuilder()
                .setKind(EntryKind.ENTRY_KIND_FILE)
                .setVersion(context.version)
                .setSize(value.size())
                .setCreatedAtMs(old == null ? context.timeMs : old.getCreatedAtMs())
                .setModifiedAtMs(context.timeMs)
                .setContentType(type)
                .setLeaseId(lease);
        if (!value.isEmpty()) {
            entries.addInline(volume, value, ordinal, entry);
        }
        return heads.replace(volume, key, old, entry.build(), Cause.PUT);
    }

    private KvResult get(VolumeState volume, String key, KeyValues values) {
        Entry entry = context.head(volume.id, Keys.utf8(key));
        KvResult.Builder result = KvResult.newBuilder().setExisted(entry != null);
        return entry == null
                ? result.build()
                : result.setEntry(values.of(volume.id, key, entry)).build();
    }

    private KvResult delete(VolumeState volume, KvDelete delete, KeyValues values) {
        byte[] key = Keys.utf8(delete.getKey());
        Entry old = context.head(volume.id, key);
        KvResult.Builder result = KvResult.newBuilder().setExisted(old != null);
        if (old != null && delete.getReturnPrevious()) {
            result.setPrevious(values.of(volume.id, delete.getKey(), old));
        }
        heads.replace(volume, key, old, null, Cause.DELETED);
        return result.build();
    }

    private KvResult range(VolumeState volume, KvRange range, KeyValues values) {
        byte[] prefix = Keys.utf8(range.getPrefix());
        byte[] end = prefix.length == 0 ? Keys.to(volume.id) : Keys.after(Keys.head(volume.id, prefix));
        byte[] from = prefix.length == 0 ? Keys.visibleFrom(volume.id) : Keys.head(volume.id, prefix);
        if (!range.getStartAfter().isEmpty()) {
            byte[] after = Keys.head(volume.id, Keys.utf8(range.getStartAfter()));
            byte[] next = Arrays.copyOf(after, after.length + 1);
            from = Arrays.compareUnsigned(next, from) > 0 ? next : from;
        }
        KvResult.Builder result = KvResult.newBuilder();
        if (Arrays.compareUnsigned(from, end) >= 0) {
            return result.build();
        }
        long bytes = 0;
        try (Cursor cursor = context.transaction.range(Family.HEAD, from, end)) {
            for (; cursor.valid(); cursor.next()) {
                if (result.getEntriesCount() == range.getLimit() || bytes > MAX_RANGE_BYTES || values.full()) {
                    return result.setTruncated(true).build();
                }
                Entry entry = ApplyContext.parseEntry(cursor.value());
                String key = Keys.keyOfHead(cursor.key());
                KeyValue item = range.getKeysOnly() ? values.keyOf(key, entry) : values.of(volume.id, key, entry);
                bytes += item.getSerializedSize();
                result.addEntries(item);
            }
        }
        return result.build();
    }

    private static KeyValue described(String key, Entry entry) {
        return KeyValue.newBuilder().setEntry(Heads.describe(key, entry)).build();
    }
}
