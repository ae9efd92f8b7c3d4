package io.moorage.api.kv;

import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.KvOperation;
import io.moorage.protocol.v1.LoggedCommand;
import io.moorage.protocol.v1.Transact;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Commands as they stand in the log, as JSON. */
final class LoggedJson {
    private LoggedJson() {}

    /** Index and term are numbers: they stay far below 2^53. */
    static Map<String, Object> of(LoggedCommand logged) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", logged.getVersion());
        json.put("term", logged.getTerm());
        json.put("time", Instant.ofEpochMilli(logged.getTimestampMs()).toString());
        json.put("command", of(logged.getCommand()));
        return json;
    }

    private static Map<String, Object> of(Command command) {
        return switch (command.getOperationCase()) {
            case TRANSACT -> transact(command.getTransact());
            case PUT -> {
                Map<String, Object> json = keyed("put", command.getPut().getKey());
                if (command.getPut().getContent().hasInline()) {
                    ValueJson.put(json, command.getPut().getContent().getInline());
                } else {
                    json.put(
                            "extents", command.getPut().getContent().getStored().getExtentsCount());
                }
                yield json;
            }
            case APPEND -> keyed("append", command.getAppend().getKey());
            case DELETE -> keyed("delete", command.getDelete().getKey());
            case RENAME -> {
                Map<String, Object> json = keyed("rename", command.getRename().getFrom());
                json.put("to", command.getRename().getTo());
                yield json;
            }
            case COPY -> {
                Map<String, Object> json = keyed("copy", command.getCopy().getFrom());
                json.put("to", command.getCopy().getTo());
                yield json;
            }
            default -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("kind", camel(command.getOperationCase().name()));
                yield json;
            }
        };
    }

    /** One operation without comparisons, or a compare-and-swap, is shown as what was submitted. */
    private static Map<String, Object> transact(Transact transact) {
        if (transact.getCompareCount() == 0 && transact.getSuccessCount() == 1 && transact.getOtherwiseCount() == 0) {
            return of(transact.getSuccess(0));
        }
        if (isCas(transact)) {
            Map<String, Object> json = of(transact.getSuccess(0));
            json.put("kind", "cas");
            Compare compare = transact.getCompare(0);
            switch (compare.getTargetCase()) {
                case VALUE -> {
                    Map<String, Object> value = new LinkedHashMap<>();
                    ValueJson.put(value, compare.getValue());
                    value.forEach((name, text) -> json.put(
                            "expected" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), text));
                }
                case VERSION -> json.put("expectedVersion", Long.toString(compare.getVersion()));
                default -> json.put("expectedAbsent", !compare.getExists());
            }
            return json;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "txn");
        json.put(
                "compare",
                transact.getCompareList().stream().map(LoggedJson::of).toList());
        json.put("then", operations(transact.getSuccessList()));
        json.put("else", operations(transact.getOtherwiseList()));
        return json;
    }

    private static boolean isCas(Transact transact) {
        return transact.getCompareCount() == 1
                && transact.getSuccessCount() == 1
                && transact.getSuccess(0).hasPut()
                && transact.getOtherwiseCount() == 1
                && transact.getOtherwise(0).hasGet()
                && transact.getCompare(0)
                        .getKey()
                        .equals(transact.getSuccess(0).getPut().getKey());
    }

    private static List<Map<String, Object>> operations(List<KvOperation> operations) {
        return operations.stream().map(LoggedJson::of).toList();
    }

    private static Map<String, Object> of(Compare compare) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", compare.getKey());
        json.put("relation", camel(compare.getRelation().name().substring("RELATION_".length())));
        switch (compare.getTargetCase()) {
            case VALUE -> ValueJson.put(json, compare.getValue());
            case VERSION -> json.put("version", Long.toString(compare.getVersion()));
            case EXISTS -> json.put("exists", compare.getExists());
            case SIZE -> json.put("size", compare.getSize());
            default -> json.put("lease", Long.toString(compare.getLeaseId()));
        }
        return json;
    }

    private static Map<String, Object> of(KvOperation operation) {
        return switch (operation.getOperationCase()) {
            case PUT -> {
                Map<String, Object> json = keyed("put", operation.getPut().getKey());
                ValueJson.put(json, operation.getPut().getValue());
                if (operation.getPut().getLeaseId() != 0) {
                    json.put("lease", Long.toString(operation.getPut().getLeaseId()));
                }
                yield json;
            }
            case GET -> keyed("get", operation.getGet().getKey());
            case DELETE -> keyed("delete", operation.getDelete().getKey());
            case INCREMENT -> {
                Map<String, Object> json =
                        keyed("increment", operation.getIncrement().getKey());
                json.put("by", operation.getIncrement().getBy());
                yield json;
            }
            default -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("kind", "range");
                json.put("prefix", operation.getRange().getPrefix());
                json.put("startAfter", operation.getRange().getStartAfter());
                json.put("limit", operation.getRange().getLimit());
                yield json;
            }
        };
    }

    private static Map<String, Object> keyed(String kind, String key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("key", key);
        return json;
    }

    private static String camel(String name) {
        StringBuilder out = new StringBuilder();
        for (String word : name.split("_")) {
            out.append(
                    out.isEmpty()
                            ? word.toLowerCase(Locale.ROOT)
                            : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }
}
