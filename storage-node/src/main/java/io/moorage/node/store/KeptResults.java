package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.TransactResult;

/** Results as they are kept for requests that may be repeated: without their bulky parts. */
final class KeptResults {
    /** A transaction's result up to this size is kept as it is. */
    private static final int MAX_BYTES = 4096;

    private KeptResults() {}

    static Result of(Result result) {
        if (result.hasTransact() && result.getSerializedSize() > MAX_BYTES) {
            return result.toBuilder().setTransact(slim(result.getTransact())).build();
        }
        return withoutBulk(result);
    }

    private static Result withoutBulk(Result result) {
        boolean bulky = result.hasChange()
                        && (!result.getChange().getPreviousInline().isEmpty()
                                || result.getChange().getEntry().getAttributesCount() > 0
                                || result.getChange().getPrevious().getAttributesCount() > 0)
                || result.hasTree() && result.getTree().getEntry().getAttributesCount() > 0;
        if (!bulky) {
            return result;
        }
        Result.Builder kept = result.toBuilder();
        if (result.hasTree()) {
            kept.getTreeBuilder().getEntryBuilder().clearAttributes();
            return kept.build();
        }
        EntryChange.Builder change = kept.getChangeBuilder().clearPreviousInline();
        if (change.hasEntry()) {
            change.getEntryBuilder().clearAttributes();
        }
        if (change.hasPrevious()) {
            change.getPreviousBuilder().clearAttributes();
        }
        return kept.build();
    }

    private static TransactResult slim(TransactResult transact) {
        TransactResult.Builder slim = transact.toBuilder().clearResults();
        for (KvResult each : transact.getResultsList()) {
            KvResult.Builder kept = each.toBuilder();
            if (each.hasEntry()) {
                kept.setEntry(slim(each.getEntry()));
            }
            if (each.hasPrevious()) {
                kept.setPrevious(slim(each.getPrevious()));
            }
            if (each.getEntriesCount() > 0) {
                kept.clearEntries().setTruncated(true);
            }
            slim.addResults(kept);
        }
        return slim.build();
    }

    private static KeyValue slim(KeyValue value) {
        KeyValue.Builder slim = value.toBuilder();
        slim.getEntryBuilder().clearAttributes();
        return value.getValue().isEmpty()
                ? slim.build()
                : slim.setValue(ByteString.EMPTY).setValueOmitted(true).build();
    }
}
