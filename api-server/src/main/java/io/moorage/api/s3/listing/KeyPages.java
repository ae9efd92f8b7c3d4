package io.moorage.api.s3.listing;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ListResponse;
import java.util.ArrayList;
import java.util.List;

/** One page of a bucket's keys. */
final class KeyPages {
    /** After every key that begins with what it is put behind. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

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
        return list.delimiter().codePointCount(0, list.delimiter().length()) <= 1
                ? simple(bucket, list, after, limit, call)
                : longDelimiter(bucket, list, after, limit, call);
    }

    private static Page simple(Bucket bucket, ListParameters list, String after, int limit, CallOptions call) {
        ListResponse page = list(bucket.store(), bucket, list.prefix(), list.delimiter(), after, limit, call);
        return new Page(
                page.getEntriesList(),
                page.getCommonPrefixesList().stream().map(bucket::objectKey).toList(),
                page.getTruncated(),
                page.getTruncated() ? bucket.objectKey(page.getNextStartAfter()) : "");
    }

    /** The store knows delimiters of one character; longer ones are looked for here, and what they roll up is skipped. */
    private static Page longDelimiter(Bucket bucket, ListParameters list, String after, int limit, CallOptions call) {
        VolumeStore store = bucket.store();
        List<Entry> entries = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String next = after;
        String position = after.startsWith(list.prefix())
                        && after.endsWith(list.delimiter())
                        && after.indexOf(list.delimiter(), list.prefix().length())
                                == after.length() - list.delimiter().length()
                ? after + LAST
                : after;
        while (true) {
            ListResponse page = list(store, bucket, list.prefix(), "", position, ListParameters.PAGE, call);
            boolean skipped = false;
            for (Entry entry : page.getEntriesList()) {
                String key = bucket.objectKey(entry.getKey());
                if (entries.size() + prefixes.size() == limit) {
                    return new Page(entries, prefixes, true, next);
                }
                int at = key.indexOf(list.delimiter(), list.prefix().length());
                if (at < 0) {
                    entries.add(entry);
                    next = key;
                    position = key;
                } else {
                    next = key.substring(0, at + list.delimiter().length());
                    prefixes.add(next);
                    position = next + LAST;
                    skipped = true;
                    break;
                }
            }
            if (!skipped && !page.getTruncated()) {
                return new Page(entries, prefixes, false, "");
            }
        }
    }

    private static ListResponse list(
            VolumeStore store,
            Bucket bucket,
            String prefix,
            String delimiter,
            String after,
            int limit,
            CallOptions call) {
        // The directory's own marker, first of all in it, is no object.
        return store.list(bucket.entryKey(prefix), delimiter, bucket.entryKey(after), limit, call);
    }
}
