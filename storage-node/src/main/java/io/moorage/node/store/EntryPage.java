package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A page of a listing of keys.
 *
 * @param entries without extents, keys set
 * @param truncated there are more
 * @param next where to go on, when truncated
 */
public record EntryPage(List<Entry> entries, List<String> commonPrefixes, boolean truncated, String next) {
    /** Of a page; a single message must hold it. */
    static final long MAX_BYTES = 1 << 20;

    /** See {@link StoreView#list}; what is given was checked. */
    static EntryPage read(KeyWalk walk, long volume, String prefix, String delimiter, String startAfter, int limit) {
        List<Entry> entries = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = "";
        long bytes = 0;
        byte[] head = Keys.head(volume, Keys.utf8(prefix));
        byte[] begin = prefix.isEmpty() ? Keys.visibleFrom(volume) : head;
        byte[] end = prefix.isEmpty() ? Keys.to(volume) : Keys.after(head);
        Optional<KeyWalk.Step> step = walk.first(goOn(begin, volume, prefix, delimiter, startAfter), end);
        while (step.isPresent()) {
            String key = Keys.keyOfHead(step.get().headKey());
            if (key.equals(startAfter)) {
                step = walk.next();
                continue;
            }
            if (entries.size() + prefixes.size() == limit || bytes > MAX_BYTES) {
                return new EntryPage(entries, prefixes, true, last);
            }
            int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (cut >= 0) {
                last = key.substring(0, cut + delimiter.length());
                prefixes.add(last);
                step = walk.first(Keys.after(Keys.head(volume, Keys.utf8(last))), end);
            } else {
                last = key;
                Entry entry = step.get().entry().toBuilder()
                        .setKey(key)
                        .clearExtents()
                        .build();
                bytes += entry.getSerializedSize();
                entries.add(entry);
                step = walk.next();
            }
        }
        return new EntryPage(entries, prefixes, false, "");
    }

    private static byte[] goOn(byte[] begin, long volume, String prefix, String delimiter, String startAfter) {
        if (startAfter.isEmpty()) {
            return begin;
        }
        boolean rolledUp = !delimiter.isEmpty()
                && startAfter.startsWith(prefix)
                && startAfter.length() > prefix.length()
                && startAfter.endsWith(delimiter);
        byte[] after = Keys.head(volume, Keys.utf8(startAfter));
        byte[] from = rolledUp ? Keys.after(after) : Arrays.copyOf(after, after.length + 1);
        return Arrays.compareUnsigned(from, begin) > 0 ? from : begin;
    }
}
