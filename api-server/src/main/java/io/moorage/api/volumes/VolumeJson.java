package io.moorage.api.volumes;

import io.moorage.client.control.VolumeStatus;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeUsage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A volume as JSON. */
public final class VolumeJson {
    private VolumeJson() {}

    public static Map<String, Object> of(VolumeStatus status) {
        Volume volume = status.volume();
        VolumeUsage usage = volume.getUsage();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", volume.getSpec().getName());
        json.put("id", Long.toString(volume.getId()));
        json.put("group", status.group() == null ? null : status.group().toString());
        json.put("replicas", status.replicas());
        json.put("consistency", consistency(volume.getSpec().getConsistency()));
        json.put(
                "quota",
                ordered(
                        "bytes", volume.getSpec().getQuotaBytes(),
                        "entries", volume.getSpec().getQuotaEntries()));
        ChangeRetention changes = volume.getSpec().getChanges();
        json.put(
                "changes",
                ordered(
                        "maxCount", changes.getOff() ? 0 : changes.getMaxCount() == 0 ? 100_000 : changes.getMaxCount(),
                        "maxValueBytes", changes.getMaxValueBytes() == 0 ? 64 << 20 : changes.getMaxValueBytes()));
        Map<String, String> labels = new LinkedHashMap<>();
        for (MetadataItem label : volume.getSpec().getLabelsList()) {
            labels.put(label.getName(), label.getValue());
        }
        json.put("labels", labels);
        json.put("createdAt", Instant.ofEpochMilli(volume.getCreatedAtMs()).toString());
        json.put("version", Long.toString(volume.getVersion()));
        json.put(
                "usage",
                ordered(
                        "entries", usage.getEntries(),
                        "bytes", usage.getLogicalBytes(),
                        "storedBytes", usage.getStoredBytes(),
                        "extents", usage.getExtents(),
                        "historyEntries", usage.getHistoryEntries()));
        json.put("status", status(status));
        return json;
    }

    private static Map<String, Object> status(VolumeStatus status) {
        List<Map<String, Object>> replicas = status.members().stream()
                .map(replica -> ordered(
                        "node", replica.node(),
                        "nodeId", replica.nodeId(),
                        "role", replica.role(),
                        "lag", replica.lag(),
                        "missingExtents", replica.missingExtents(),
                        "state", replica.state()))
                .toList();
        String phase = status.phase().name();
        return ordered(
                "phase",
                phase.charAt(0) + phase.substring(1).toLowerCase(Locale.ROOT),
                "reason",
                status.reason(),
                "replicas",
                replicas);
    }

    static String consistency(Consistency consistency) {
        return switch (consistency) {
            case CONSISTENCY_STRONG -> "strong";
            case CONSISTENCY_EVENTUAL -> "eventual";
            default -> "quorum";
        };
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
