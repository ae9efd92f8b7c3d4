package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.Relation;

/** The comparisons that are wanted most. */
public final class Comparisons {
    private Comparisons() {}

    public static Compare absent(String key) {
        return exists(key, false);
    }

    public static Compare present(String key) {
        return exists(key, true);
    }

    /** @param version 0 = the key must not exist */
    public static Compare version(String key, long version) {
        return equal(key).setVersion(version).build();
    }

    public static Compare value(String key, ByteString value) {
        return equal(key).setValue(value).build();
    }

    private static Compare exists(String key, boolean exists) {
        return equal(key).setExists(exists).build();
    }

    private static Compare.Builder equal(String key) {
        return Compare.newBuilder().setKey(key).setRelation(Relation.RELATION_EQUAL);
    }
}
