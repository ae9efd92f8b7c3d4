package io.moorage.api.s3.listing;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.client.CallOptions;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ListResponse;
import java.util.List;

/** One page of a bucket's keys. */
final class KeyPages {
    /**
     * @param next the last key or common prefix of the page, to go on after
     */
    record Page(List<Entry> entries, List<String> commonPrefixes, boolean truncated, String next) {}

    private KeyPages() {}

    /**
     * @param after keys and common prefixes after this; empty: from the first
     * @param limit 0 to 1000
     */
    static Page page(Bucket bucket, ListParameters list, String after, int limit, CallOptions call) {
        if (limit == 0) {
            return new Page(List.of(), List.of(), false, "");
        }
        // After the directory's own marker, first of all in it, which is no object.
        ListResponse page = bucket.store()
                .list(bucket.entryKey(list.prefix()), list.delimiter(), bucket.entryKey(after), limit, call);
        return new Page(
                page.getEntriesList(),
                page.getCommonPrefixesList().stream().map(bucket::objectKey).toList(),
                page.getTruncated(),
                page.getTruncated() ? bucket.objectKey(page.getNextStartAfter()) : "");
    }
}
