package io.moorage.client.control;

import io.moorage.protocol.v1.Consistency;
import java.util.Map;

/**
 * A volume that someone wants.
 *
 * @param name DNS label
 * @param replicas 1, 3, 5...; 0 = the cluster's default
 * @param quotaBytes 0 = unlimited
 * @param quotaEntries 0 = unlimited
 * @param consistency UNSPECIFIED = QUORUM
 */
public record VolumeRequest(
        String name,
        int replicas,
        long quotaBytes,
        long quotaEntries,
        Consistency consistency,
        Map<String, String> labels) {}
