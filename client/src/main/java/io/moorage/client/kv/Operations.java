package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.KvDelete;
import io.moorage.protocol.v1.KvGet;
import io.moorage.protocol.v1.KvIncrement;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvPut;
import io.moorage.protocol.v1.KvRange;

/** The operations of a transaction. */
public final class Operations {
    private Operations() {}

    public static KvOperation put(String key, ByteString value, KvPutOptions options) {
        return KvOperation.newBuilder()
                .setPut(KvPut.newBuilder()
                        .setKey(key)
                        .setValue(value)
                        .setContentType(options.contentType())
                        .setLeaseId(options.leaseId())
                        .setReturnPrevious(options.returnPrevious()))
                .build();
    }

    public static KvOperation get(String key) {
        return KvOperation.newBuilder().setGet(KvGet.newBuilder().setKey(key)).build();
    }

    public static KvOperation delete(String key) {
        return KvOperation.newBuilder()
                .setDelete(KvDelete.newBuilder().setKey(key).setReturnPrevious(true))
                .build();
    }

    public static KvOperation increment(String key, long by) {
        return KvOperation.newBuilder()
                .setIncrement(KvIncrement.newBuilder().setKey(key).setBy(by))
                .build();
    }

    /** @param limit 1 to 1000 */
    public static KvOperation range(String prefix, String startAfter, int limit, boolean keysOnly) {
        return KvOperation.newBuilder()
                .setRange(KvRange.newBuilder()
                        .setPrefix(prefix)
                        .setStartAfter(startAfter)
                        .setLimit(limit)
                        .setKeysOnly(keysOnly))
                .build();
    }
}
