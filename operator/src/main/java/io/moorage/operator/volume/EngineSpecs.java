package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.ChangeFeed;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.VolumeSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a Volume's spec is to the engine. */
final class EngineSpecs {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private EngineSpecs() {}

    static VolumeSpec of(Volume volume) {
        return changed(
                VolumeSpec.newBuilder().setName(volume.getMetadata().getName()).build(), volume);
    }

    /** The engine's present spec with all that the Volume decides. Labels are not of the Volume. */
    static VolumeSpec changed(VolumeSpec present, Volume volume) {
        Long entries = volume.getSpec().maxEntries();
        VolumeSpec.Builder spec = present.toBuilder()
                .setQuotaBytes(bytes(volume.getSpec().size()))
                .setQuotaEntries(entries == null ? 0 : entries)
                .setConsistency(
                        switch (volume.getSpec().consistency()) {
                            case STRONG -> Consistency.CONSISTENCY_STRONG;
                            case QUORUM -> Consistency.CONSISTENCY_QUORUM;
                            case EVENTUAL -> Consistency.CONSISTENCY_EVENTUAL;
                        });
        ChangeFeed changes = volume.getSpec().changes();
        return (changes == null ? spec.clearChanges() : spec.setChanges(retention(changes))).build();
    }

    private static ChangeRetention retention(ChangeFeed changes) {
        Long count = changes.maxCount();
        return ChangeRetention.newBuilder()
                .setOff(count != null && count == 0)
                .setMaxCount(count == null ? 0 : count)
                .setMaxValueBytes(bytes(changes.maxValueSize()))
                .build();
    }

    /** 0 = no limit. */
    private static long bytes(Quantity size) {
        return size == null
                ? 0
                : Quantity.getAmountInBytes(size)
                        .min(MOST)
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact();
    }
}
