package io.moorage.client.control;

import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Consistency;
import java.util.Map;
import java.util.Optional;

/**
 * What to change of a volume; what is empty stays.
 *
 * @param changes how much of its change feed is kept
 */
public record VolumeUpdate(
        Optional<Long> quotaBytes,
        Optional<Long> quotaEntries,
        Optional<Consistency> consistency,
        Optional<Map<String, String>> labels,
        Optional<ChangeRetention> changes) {}
