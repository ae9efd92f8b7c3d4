package io.moorage.node.store;

import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.GrantLease;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvPut;
import io.moorage.protocol.v1.Relation;
import io.moorage.protocol.v1.Transact;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What can be said against transactions and leases without looking at the state. */
final class KvValidator {
    private KvValidator() {}

    /** @throws Refusal INVALID_ARGUMENT or TOO_LARGE */
    static void transact(Transact transact) {
        count("compare", transact.getCompareCount());
        transact.getCompareList().forEach(KvValidator::compare);
        long bytes = branch("success", transact.getSuccessList()) + branch("otherwise", transact.getOtherwiseList());
        if (bytes > StoreLimits.MAX_TRANSACT_BYTES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "the values of the transaction have " + bytes + " bytes, and at most "
                            + StoreLimits.MAX_TRANSACT_BYTES + " are allowed: split it, or keep large values as files");
        }
    }

    static void lease(GrantLease grant) {
        if (grant.getTtlMs() < StoreLimits.MIN_LEASE_MS || grant.getTtlMs() > StoreLimits.MAX_LEASE_MS) {
            throw Refusal.invalid("the time to live of a lease is " + grant.getTtlMs() + " ms; it must be "
                    + StoreLimits.MIN_LEASE_MS + " to " + StoreLimits.MAX_LEASE_MS);
        }
    }

    private static long branch(String name, List<KvOperation> operations) {
        count(name, operations.size());
        long bytes = 0;
        Set<String> written = new HashSet<>();
        for (KvOperation operation : operations) {
            switch (operation.getOperationCase()) {
                case PUT -> {
                    put(operation.getPut());
                    bytes += operation.getPut().getValue().size();
                    once(name, written, operation.getPut().getKey());
                }
                case GET -> KeyRules.file(operation.getGet().getKey());
                case DELETE -> {
                    KeyRules.file(operation.getDelete().getKey());
                    once(name, written, operation.getDelete().getKey());
                }
                case RANGE -> {
                    KeyRules.prefix("prefix", operation.getRange().getPrefix());
                    KeyRules.prefix("start_after", operation.getRange().getStartAfter());
                    int limit = operation.getRange().getLimit();
                    if (limit < 1 || limit > 1000) {
                        throw Refusal.invalid("limit is " + limit + "; it must be 1 to 1000");
                    }
                }
                case INCREMENT -> {
                    KeyRules.file(operation.getIncrement().getKey());
                    once(name, written, operation.getIncrement().getKey());
                }
                case OPERATION_NOT_SET ->
                    throw Refusal.invalid("an operation of '" + name
                            + "' is of a kind that is not known; are all nodes of one" + " version?");
            }
        }
        return bytes;
    }

    private static void put(KvPut put) {
        KeyRules.file(put.getKey());
        if (put.getValue().size() > StoreLimits.MAX_VALUE_BYTES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "the value of " + KeyRules.show(put.getKey()) + " has "
                            + put.getValue().size()
                            + " bytes, and at most " + StoreLimits.MAX_VALUE_BYTES
                            + " are allowed: store it as a file");
        }
        if (Keys.utf8(put.getContentType()).length > StoreLimits.MAX_CONTENT_TYPE_BYTES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "the content type of " + KeyRules.show(put.getKey()) + " has more than "
                            + StoreLimits.MAX_CONTENT_TYPE_BYTES + " bytes");
        }
    }

    private static void compare(Compare compare) {
        KeyRules.file(compare.getKey());
        if (compare.getTargetCase() == Compare.TargetCase.TARGET_NOT_SET) {
            throw Refusal.invalid("the comparison of " + KeyRules.show(compare.getKey())
                    + " names nothing to compare: value, version, exists, size or lease");
        }
        boolean equality = compare.getRelation() == Relation.RELATION_EQUAL
                || compare.getRelation() == Relation.RELATION_NOT_EQUAL;
        boolean order =
                compare.getRelation() == Relation.RELATION_LESS || compare.getRelation() == Relation.RELATION_GREATER;
        if (!equality && !(order && compare.getTargetCase() != Compare.TargetCase.EXISTS)) {
            throw Refusal.invalid("the comparison of " + KeyRules.show(compare.getKey())
                    + " has a relation that does not fit; use equal or notEqual"
                    + (compare.getTargetCase() == Compare.TargetCase.EXISTS ? "" : ", less or greater"));
        }
    }

    private static void once(String branch, Set<String> written, String key) {
        if (!written.add(key)) {
            throw Refusal.invalid("key " + KeyRules.show(key) + " is written twice in '" + branch
                    + "'; leave only the last of the operations");
        }
    }

    private static void count(String name, int size) {
        if (size > StoreLimits.MAX_TRANSACT_OPERATIONS) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "'" + name + "' has " + size + " items, and at most " + StoreLimits.MAX_TRANSACT_OPERATIONS
                            + " are allowed");
        }
    }
}
