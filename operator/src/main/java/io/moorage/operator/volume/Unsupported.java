package io.moorage.operator.volume;

import io.moorage.crds.v1alpha1.volume.Compression;
import io.moorage.crds.v1alpha1.volume.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a Volume can ask for and storage nodes cannot do yet. */
final class Unsupported {
    private Unsupported() {}

    /** Names every such field; empty if there is none. */
    static Optional<String> in(VolumeSpec spec) {
        List<String> fields = new ArrayList<>();
        if (spec.compression() != Compression.NONE) {
            fields.add("spec.compression");
        }
        if (Boolean.TRUE.equals(spec.deduplication())) {
            fields.add("spec.deduplication");
        }
        if (spec.encryption() != null) {
            fields.add("spec.encryption");
        }
        if (spec.tiering() != null) {
            fields.add("spec.tiering");
        }
        if (spec.historyWindow() != null && spec.historyWindow().matches(".*[1-9].*")) {
            fields.add("spec.historyWindow");
        }
        return fields.isEmpty()
                ? Optional.empty()
                : Optional.of("not supported by this version: " + String.join(", ", fields) + "; leave "
                        + (fields.size() == 1 ? "it" : "them") + " out");
    }
}
