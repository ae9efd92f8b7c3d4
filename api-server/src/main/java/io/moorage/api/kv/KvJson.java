package io.moorage.api.kv;

import io.moorage.api.files.EncryptedEntries;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Lease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the store answers about keys, as JSON. Versions and leases are text: JSON's numbers are not whole everywhere. */
final class KvJson {
    private KvJson() {}

    static Map<String, Object> of(KeyValue value, boolean withValue) {
        Entry entry = value.getEntry();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", entry.getKey());
        json.put("version", Long.toString(entry.getVersion()));
        json.put("size", entry.getSize());
        if (entry.getLeaseId() != 0) {
            json.put("lease", Long.toString(entry.getLeaseId()));
        }
        if (!entry.getContentType().isEmpty()) {
            json.put("contentType", entry.getContentType());
        }
        if (EncryptedEntries.isEncrypted(entry)) {
            json.put("encrypted", true);
        } else if (value.getValueOmitted()) {
            json.put("valueOmitted", true);
        } else if (withValue) {
            ValueJson.put(json, value.getValue());
        }
        return json;
    }

    static Map<String, Object> put(String key, KvResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("version", Long.toString(result.getEntry().getEntry().getVersion()));
        json.put("existed", result.getExisted());
        if (result.hasPrevious()) {
            json.put("previous", of(result.getPrevious(), true));
        }
        return json;
    }

    static Map<String, Object> deleted(String key, KvResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("existed", result.getExisted());
        if (result.hasPrevious()) {
            json.put("previous", of(result.getPrevious(), true));
        }
        return json;
    }

    /** Of an operation of a transaction. */
    static Map<String, Object> of(KvOperation operation, KvResult result) {
        return switch (operation.getOperationCase()) {
            case PUT -> put(operation.getPut().getKey(), result);
            case DELETE -> deleted(operation.getDelete().getKey(), result);
            case GET -> got(operation.getGet().getKey(), result);
            case INCREMENT -> incremented(operation.getIncrement().getKey(), result);
            default -> {
                Map<String, Object> json = new LinkedHashMap<>();
                List<Map<String, Object>> items = new ArrayList<>();
                boolean values = !operation.getRange().getKeysOnly();
                result.getEntriesList().forEach(entry -> items.add(of(entry, values)));
                json.put("items", items);
                json.put("truncated", result.getTruncated());
                yield json;
            }
        };
    }

    private static Map<String, Object> got(String key, KvResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("existed", result.hasEntry());
        if (result.hasEntry()) {
            json.putAll(of(result.getEntry(), true));
        }
        return json;
    }

    static Map<String, Object> incremented(String key, KvResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("number", result.getNumber());
        json.put("version", Long.toString(result.getEntry().getEntry().getVersion()));
        return json;
    }

    static Map<String, Object> of(Lease lease) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lease", Long.toString(lease.getId()));
        json.put("ttlMs", lease.getTtlMs());
        json.put("remainingMs", lease.getRemainingMs());
        json.put("keyCount", lease.getKeys());
        return json;
    }
}
