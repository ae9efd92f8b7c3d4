package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.VolumeRequest;
import io.moorage.client.control.VolumeUpdate;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.ChangeFeed;
import io.moorage.crds.v1alpha1.volume.VolumeSpec;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Volumes of the REST API as resources, and back. */
final class VolumeResources {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private VolumeResources() {}

    /** @param replicas of a request that does not say */
    static Volume of(VolumeRequest request, String namespace, String cluster, int replicas) {
        checkName(request.name());
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder()
                .withName(request.name())
                .withNamespace(namespace)
                .withLabels(request.labels().isEmpty() ? null : request.labels())
                .build());
        volume.setSpec(VolumeSpecBuilder.builder()
                .clusterRef(new Reference(cluster))
                .size(size(request.quotaBytes()))
                .maxEntries(request.quotaEntries() == 0 ? null : request.quotaEntries())
                .replicas(request.replicas() == 0 ? replicas : request.replicas())
                .consistency(consistency(request.consistency()))
                .build());
        return volume;
    }

    /** Kubernetes says the same, in more words, and not where it is a small one in memory. */
    private static void checkName(String name) {
        if (!isName(name)) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                    "volume name '" + name
                            + "' must be a DNS label: 1 to 63 lower case letters, digits and hyphens, with a letter or"
                            + " digit at both ends");
        }
        if (name.equals(VolumeRef.SYSTEM)) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "volume name 'system' is reserved; choose another one");
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether the resource is what the request asks for. */
    static boolean fits(Volume volume, VolumeRequest request) {
        VolumeSpec spec = volume.getSpec();
        return quotaBytes(spec) == request.quotaBytes()
                && quotaEntries(spec) == request.quotaEntries()
                && spec.consistency() == consistency(request.consistency())
                && (request.replicas() == 0 || spec.replicas() == request.replicas())
                && labels(volume).equals(withOthers(volume, request.labels()));
    }

    /** What has to change of the resource. */
    static JsonPatch patch(Volume volume, VolumeUpdate update) {
        JsonPatch patch = new JsonPatch(volume);
        VolumeSpec spec = volume.getSpec();
        update.quotaBytes().filter(bytes -> bytes != quotaBytes(spec)).ifPresent(bytes -> {
            if (bytes == 0) {
                patch.remove("/spec/size");
            } else {
                patch.set("/spec/size", size(bytes));
            }
        });
        update.quotaEntries().filter(entries -> entries != quotaEntries(spec)).ifPresent(entries -> {
            if (entries == 0) {
                patch.remove("/spec/maxEntries");
            } else {
                patch.set("/spec/maxEntries", entries);
            }
        });
        update.consistency()
                .map(VolumeResources::consistency)
                .filter(consistency -> consistency != spec.consistency())
                .ifPresent(consistency -> patch.set("/spec/consistency", consistency));
        update.changes()
                .filter(changes -> !changes.equals(retention(spec.changes())))
                .ifPresent(changes -> patch.set("/spec/changes", feed(changes)));
        update.labels()
                .map(labels -> withOthers(volume, labels))
                .filter(labels -> !labels.equals(labels(volume)))
                .ifPresent(labels -> patch.set("/metadata/labels", labels));
        return patch;
    }

    /** As the engine has it; the default is that nothing is said. */
    static ChangeRetention retention(ChangeFeed feed) {
        if (feed == null) {
            return ChangeRetention.getDefaultInstance();
        }
        return ChangeRetention.newBuilder()
                .setOff(feed.maxCount() != null && feed.maxCount() == 0)
                .setMaxCount(feed.maxCount() == null ? 0 : feed.maxCount())
                .setMaxValueBytes(
                        feed.maxValueSize() == null
                                ? 0
                                : Quantity.getAmountInBytes(feed.maxValueSize()).longValue())
                .build();
    }

    private static ChangeFeed feed(ChangeRetention changes) {
        return new ChangeFeed(
                changes.getOff() ? Long.valueOf(0) : changes.getMaxCount() == 0 ? null : changes.getMaxCount(),
                size(changes.getMaxValueBytes()));
    }

    /**
     * Labels as they are when the user's are these. Labels with a prefix belong to tools by Kubernetes' convention, so those that
     * are not named stay.
     */
    private static Map<String, String> withOthers(Volume volume, Map<String, String> labels) {
        Map<String, String> all = new TreeMap<>(labels(volume));
        all.keySet().removeIf(key -> !key.contains("/"));
        all.putAll(labels);
        return all;
    }

    static Map<String, String> labels(Volume volume) {
        Map<String, String> labels = volume.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    static boolean isBeingDeleted(Volume volume) {
        return volume.getMetadata().getDeletionTimestamp() != null;
    }

    /** Where the volume is. Empty: it was not made yet. */
    static Optional<VolumeRef> home(Volume volume) {
        if (volume.getStatus() == null
                || volume.getStatus().group() == null
                || volume.getStatus().volumeId() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new VolumeRef(
                    volume.getMetadata().getName(),
                    GroupId.parse(volume.getStatus().group()),
                    volume.getStatus().volumeId(),
                    consistency(volume.getSpec().consistency())));
        } catch (IllegalArgumentException e) {
            // Nobody but the operator writes it; what is no group id leads nowhere.
            return Optional.empty();
        }
    }

    /** Made, and Ready by the operator's word. */
    static boolean isUsable(Volume volume) {
        return home(volume).isPresent()
                && ready(volume)
                        .filter(condition -> "True".equals(condition.getStatus()))
                        .isPresent();
    }

    /** Whether the status is about the spec as it is. */
    static boolean isObserved(Volume volume) {
        Long generation = volume.getMetadata().getGeneration();
        return volume.getStatus() != null
                && volume.getStatus().observedGeneration() != null
                && (generation == null || volume.getStatus().observedGeneration() >= generation);
    }

    static Optional<Condition> ready(Volume volume) {
        return volume.getStatus() == null
                ? Optional.empty()
                : volume.getStatus().conditions().stream()
                        .filter(condition -> Moorage.READY.equals(condition.getType()))
                        .findFirst();
    }

    static boolean sameObject(Volume one, Volume other) {
        return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
    }

    /** 0 = unlimited. */
    static long quotaBytes(VolumeSpec spec) {
        if (spec.size() == null) {
            return 0;
        }
        BigDecimal bytes = spec.size().getNumericalAmount();
        return bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    /** 0 = unlimited. */
    static long quotaEntries(VolumeSpec spec) {
        return spec.maxEntries() == null ? 0 : spec.maxEntries();
    }

    private static Quantity size(long bytes) {
        return bytes == 0 ? null : new Quantity(Long.toString(bytes));
    }

    private static io.moorage.crds.v1alpha1.volume.Consistency consistency(Consistency consistency) {
        return switch (consistency) {
            case CONSISTENCY_STRONG -> io.moorage.crds.v1alpha1.volume.Consistency.STRONG;
            case CONSISTENCY_EVENTUAL -> io.moorage.crds.v1alpha1.volume.Consistency.EVENTUAL;
            default -> io.moorage.crds.v1alpha1.volume.Consistency.QUORUM;
        };
    }

    static Consistency consistency(io.moorage.crds.v1alpha1.volume.Consistency consistency) {
        return switch (consistency) {
            case STRONG -> Consistency.CONSISTENCY_STRONG;
            case QUORUM -> Consistency.CONSISTENCY_QUORUM;
            case EVENTUAL -> Consistency.CONSISTENCY_EVENTUAL;
        };
    }
}
