package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Failure;
import io.moorage.protocol.v1.Precondition;

/** Decides conditions against the state at the moment of applying, hence linearizably (RFC 9110 §13 for HTTP's forms). */
final class Preconditions {
    private Preconditions() {}

    /**
     * @param present null: there is no entry
     * @throws Refusal PRECONDITION_FAILED with the version that is there
     */
    static void check(Precondition condition, String key, Entry present) {
        if (condition.equals(Precondition.getDefaultInstance())) {
            return;
        }
        if (present == null) {
            if (condition.getMustExist() || condition.getVersionAnyOfCount() > 0) {
                throw failed(key, null, "does not exist");
            }
        } else {
            if (condition.getMustNotExist()) {
                throw failed(key, present, "exists already");
            }
            if (condition.getVersionAnyOfCount() > 0
                    && !condition.getVersionAnyOfList().contains(present.getVersion())) {
                throw failed(key, present, "has another version than the one asked for");
            }
            if (condition.getVersionNoneOfList().contains(present.getVersion())) {
                throw failed(key, present, "has the version that was excluded");
            }
            if (!condition.getLacksAttribute().isEmpty()
                    && present.getAttributesList().stream()
                            .anyMatch(item -> item.getName().equals(condition.getLacksAttribute()))) {
                throw failed(key, present, "has the attribute " + condition.getLacksAttribute());
            }
        }
        long size = present == null ? 0 : present.getSize();
        if (condition.hasSize() && condition.getSize() != size) {
            throw failed(key, present, "has " + size + " bytes, not " + condition.getSize());
        }
    }

    private static Refusal failed(String key, Entry present, String why) {
        return new Refusal(Failure.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_PRECONDITION_FAILED)
                .setMessage(KeyRules.show(key) + " " + why)
                .setCurrentVersion(present == null ? 0 : present.getVersion())
                .build());
    }
}
