package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Relation;
import java.util.Optional;

/** Decides the comparisons of a transaction against the state at the moment of applying. */
final class Comparisons {
    private Comparisons() {}

    /**
     * @param present null: there is no entry
     * @throws Refusal INVALID_ARGUMENT if it is about a value that is kept in extent files
     */
    static boolean holds(Heads heads, VolumeState volume, Compare compare, Entry present) {
        return switch (compare.getTargetCase()) {
            case VALUE -> value(heads, volume, compare, present);
            case VERSION ->
                holds(
                        compare.getRelation(),
                        Long.compareUnsigned(present == null ? 0 : present.getVersion(), compare.getVersion()));
            case EXISTS -> holds(compare.getRelation(), Boolean.compare(present != null, compare.getExists()));
            case SIZE ->
                holds(
                        compare.getRelation(),
                        Long.compareUnsigned(present == null ? 0 : present.getSize(), compare.getSize()));
            case LEASE_ID ->
                holds(
                        compare.getRelation(),
                        Long.compareUnsigned(present == null ? 0 : present.getLeaseId(), compare.getLeaseId()));
            case TARGET_NOT_SET -> throw new AssertionError("the validator refuses it");
        };
    }

    private static boolean value(Heads heads, VolumeState volume, Compare compare, Entry present) {
        Relation relation = compare.getRelation();
        boolean equality = relation == Relation.RELATION_EQUAL || relation == Relation.RELATION_NOT_EQUAL;
        if (present == null
                || equality && present.getSize() != compare.getValue().size()) {
            return relation == Relation.RELATION_NOT_EQUAL;
        }
        Optional<ByteString> value = KeyValues.value(heads, volume.id, present);
        if (value.isEmpty()) {
            throw Refusal.invalid("the value of " + KeyRules.show(compare.getKey())
                    + " is kept in extent files and cannot be compared; compare its version");
        }
        return holds(relation, ByteString.unsignedLexicographicalComparator().compare(value.get(), compare.getValue()));
    }

    private static boolean holds(Relation relation, int order) {
        return switch (relation) {
            case RELATION_EQUAL -> order == 0;
            case RELATION_NOT_EQUAL -> order != 0;
            case RELATION_LESS -> order < 0;
            case RELATION_GREATER -> order > 0;
            case RELATION_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError("the validator refuses it");
        };
    }
}
