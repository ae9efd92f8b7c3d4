package io.moorage.client.kv;

import io.moorage.protocol.v1.KeyValue;
import java.util.List;

/**
 * Keys in byte order.
 *
 * @param truncated there are more, after the last of these
 */
public record KvPage(List<KeyValue> entries, boolean truncated) {
    /** Where the next page starts: pass as startAfter; "" = there is none. */
    public String next() {
        return truncated && !entries.isEmpty()
                ? entries.get(entries.size() - 1).getEntry().getKey()
                : "";
    }
}
