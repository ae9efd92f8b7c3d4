package io.moorage.api.kv;

import com.google.protobuf.ByteString;
import io.moorage.api.http.Problem;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Operations;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.Relation;
import io.moorage.protocol.v1.Transact;
import java.util.List;
import java.util.Locale;

/** Operations and transactions as clients write them in JSON. */
final class CommandJson {
    private CommandJson() {}

    /**
     * One operation.
     *
     * @param kind put, get, delete, range, increment; of the log calls also cas
     */
    record Operation(
            String kind,
            String key,
            String value,
            String valueBase64,
            String contentType,
            Long lease,
            Long by,
            String prefix,
            String startAfter,
            Integer limit,
            Boolean keysOnly,
            String expectedValue,
            String expectedValueBase64,
            Long expectedVersion,
            Boolean expectedAbsent) {

        KvOperation toOperation() {
            return switch (kind == null ? "" : kind.toLowerCase(Locale.ROOT)) {
                case "put" -> put();
                case "get" -> Operations.get(requireKey());
                case "delete" -> Operations.delete(requireKey());
                case "increment" -> Operations.increment(requireKey(), by == null ? 1 : by);
                case "range" ->
                    Operations.range(
                            prefix == null ? "" : prefix,
                            startAfter == null ? "" : startAfter,
                            limit == null ? 100 : limit,
                            keysOnly != null && keysOnly);
                default ->
                    throw Problem.invalid(
                            "kind '" + kind + "' must be put, get, delete, range or increment (cas has comparisons)");
            };
        }

        /** As a transaction of its own. */
        Transact toTransact() {
            if ("cas".equalsIgnoreCase(kind)) {
                return Transact.newBuilder()
                        .addCompare(expected())
                        .addSuccess(put())
                        .addOtherwise(Operations.get(requireKey()))
                        .build();
            }
            return Transact.newBuilder().addSuccess(toOperation()).build();
        }

        /** Exactly one of what may be expected. */
        Compare expected() {
            int given = (expectedValue != null || expectedValueBase64 != null ? 1 : 0)
                    + (expectedVersion != null ? 1 : 0)
                    + (expectedAbsent != null ? 1 : 0);
            if (given != 1) {
                throw Problem.invalid("give one of 'expectedValue' (or 'expectedValueBase64'), 'expectedVersion' and"
                        + " 'expectedAbsent': true");
            }
            if (expectedVersion != null) {
                return Comparisons.version(requireKey(), expectedVersion);
            }
            if (expectedAbsent != null) {
                return expectedAbsent ? Comparisons.absent(requireKey()) : Comparisons.present(requireKey());
            }
            return Comparisons.value(requireKey(), ValueJson.read("expectedValue", expectedValue, expectedValueBase64));
        }

        Operation withKey(String name) {
            return new Operation(
                    kind,
                    name,
                    value,
                    valueBase64,
                    contentType,
                    lease,
                    by,
                    prefix,
                    startAfter,
                    limit,
                    keysOnly,
                    expectedValue,
                    expectedValueBase64,
                    expectedVersion,
                    expectedAbsent);
        }

        ByteString newValue() {
            return ValueJson.read("value", value, valueBase64);
        }

        KvPutOptions options() {
            return new KvPutOptions(contentType == null ? "" : contentType, lease == null ? 0 : lease, true);
        }

        private KvOperation put() {
            return Operations.put(requireKey(), newValue(), options());
        }

        private String requireKey() {
            if (key == null || key.isEmpty()) {
                throw Problem.invalid("'key' is missing in an operation of kind '" + kind + "'");
            }
            return key;
        }
    }

    /**
     * One comparison: of exactly one of value, version, exists, size, lease.
     *
     * @param relation equal (default), notEqual, less, greater
     */
    record Comparison(
            String key,
            String relation,
            String value,
            String valueBase64,
            Long version,
            Boolean exists,
            Long size,
            Long lease) {

        Compare toCompare() {
            if (key == null || key.isEmpty()) {
                throw Problem.invalid("'key' is missing in a comparison");
            }
            Compare.Builder compare = Compare.newBuilder().setKey(key).setRelation(parsedRelation());
            int given = 0;
            if (value != null || valueBase64 != null) {
                compare.setValue(ValueJson.read("value", value, valueBase64));
                given++;
            }
            if (version != null) {
                compare.setVersion(version);
                given++;
            }
            if (exists != null) {
                compare.setExists(exists);
                given++;
            }
            if (size != null) {
                compare.setSize(size);
                given++;
            }
            if (lease != null) {
                compare.setLeaseId(lease);
                given++;
            }
            if (given != 1) {
                throw Problem.invalid(
                        "the comparison of '" + key + "' must have one of value, version, exists, size, lease");
            }
            return compare.build();
        }

        private Relation parsedRelation() {
            return switch (relation == null ? "equal" : relation) {
                case "equal" -> Relation.RELATION_EQUAL;
                case "notEqual" -> Relation.RELATION_NOT_EQUAL;
                case "less" -> Relation.RELATION_LESS;
                case "greater" -> Relation.RELATION_GREATER;
                default ->
                    throw Problem.invalid("relation '" + relation + "' must be equal, notEqual, less or greater");
            };
        }
    }

    /** A transaction; "then" and "else" may be missing. */
    record Transaction(
            List<Comparison> compare,

            @com.fasterxml.jackson.annotation.JsonProperty("then")
            List<Operation> success,

            @com.fasterxml.jackson.annotation.JsonProperty("else")
            List<Operation> otherwise) {

        Transact toTransact() {
            Transact.Builder transact = Transact.newBuilder();
            orEmpty(compare).forEach(each -> transact.addCompare(each.toCompare()));
            orEmpty(success).forEach(each -> transact.addSuccess(each.toOperation()));
            orEmpty(otherwise).forEach(each -> transact.addOtherwise(each.toOperation()));
            return transact.build();
        }

        private static <T> List<T> orEmpty(List<T> list) {
            return list == null ? List.of() : list;
        }
    }
}
