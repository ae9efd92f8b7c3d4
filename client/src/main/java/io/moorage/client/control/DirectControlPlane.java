package io.moorage.client.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.UpdateVolume;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A control plane without Kubernetes: it asks the nodes themselves, and keeps its decisions in the cluster's `system` volume,
 * which every instance of it shares. Thread-safe.
 *
 * <p>A volume's name is reserved by a record before it is made in its group, so that two instances cannot both make it; what a
 * crash leaves between the two is completed by the next one that looks.
 */
public final class DirectControlPlane implements ControlPlane {
    private static final String VOLUMES = "volumes/";
    private static final Duration RESOLVED_FOR = Duration.ofSeconds(30);
    private static final CallOptions QUORUM = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM);

    private final MoorageClient client;
    private final ClusterState cluster;
    private final NodeOperations nodeOperations;
    private final Cache<String, VolumeRef> fresh = Caffeine.newBuilder()
            .expireAfterWrite(RESOLVED_FOR)
            .maximumSize(10_000)
            .build();
    /** What is known for longer, for when nobody can be asked. */
    private final Cache<String, VolumeRef> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    public DirectControlPlane(MoorageClient client) {
        this.client = client;
        this.cluster = new ClusterState(client);
        this.nodeOperations = new NodeOperations(client, cluster);
    }

    @Override
    public Optional<VolumeRef> resolve(String name) {
        VolumeRef ref = fresh.getIfPresent(name);
        if (ref != null) {
            return Optional.of(ref);
        }
        try {
            Optional<VolumeRef> found = find(name).map(volume -> ref(volume.record, volume.volume));
            found.ifPresent(this::remember);
            if (found.isEmpty()) {
                known.invalidate(name);
            }
            return found;
        } catch (MoorageException e) {
            VolumeRef stale = known.getIfPresent(name);
            if (stale != null) {
                return Optional.of(stale);
            }
            throw e;
        }
    }

    private record Found(CatalogRecord record, Volume volume) {}

    private Optional<Found> find(String name) {
        if (name.equals(ClusterBootstrap.SYSTEM_VOLUME)) {
            GroupId group = cluster.systemGroup();
            return volumeIn(group, name)
                    .map(volume -> new Found(
                            new CatalogRecord(group.toString(), volume.getId(), 0, CatalogRecord.READY), volume));
        }
        return catalog()
                .get(VOLUMES + name, CatalogRecord.class, QUORUM)
                .filter(record -> record.value().state().equals(CatalogRecord.READY))
                .flatMap(record -> volumeIn(GroupId.parse(record.value().group()), name)
                        .map(volume -> new Found(record.value(), volume)));
    }

    @Override
    public List<VolumeStatus> volumes() {
        Map<GroupId, Map<String, Volume>> byGroup = new TreeMap<>(java.util.Comparator.comparing(GroupId::toString));
        List<NodeView> nodes = cluster.nodes();
        List<VolumeStatus> statuses = new ArrayList<>();
        catalog().list(VOLUMES, CatalogRecord.class, QUORUM).forEach((name, record) -> {
            if (record.value().state().equals(CatalogRecord.READY)) {
                GroupId group = GroupId.parse(record.value().group());
                Volume volume = byGroup.computeIfAbsent(group, this::volumesOf)
                        .getOrDefault(name, unreachable(name, record.value().volumeId()));
                statuses.add(VolumeStatuses.of(volume, group, record.value().replicas(), nodes));
            }
        });
        return statuses;
    }

    private Map<String, Volume> volumesOf(GroupId group) {
        Map<String, Volume> volumes = new TreeMap<>();
        try {
            client.volumes(group, QUORUM.withDeadline(Duration.ofSeconds(2)))
                    .forEach(volume -> volumes.put(volume.getSpec().getName(), volume));
        } catch (MoorageException e) {
            // Its volumes are listed without usage; their status says that the group does not answer.
        }
        return volumes;
    }

    private static Volume unreachable(String name, long id) {
        return Volume.newBuilder()
                .setId(id)
                .setSpec(VolumeSpec.newBuilder().setName(name))
                .build();
    }

    @Override
    public Optional<VolumeStatus> volume(String name) {
        return find(name)
                .map(found -> VolumeStatuses.of(
                        found.volume, GroupId.parse(found.record.group()), found.record.replicas(), cluster.nodes()));
    }

    /** Waits for nothing: it returns when the volume is there. */
    @Override
    public VolumeChange createVolume(VolumeRequest request, Duration wait) {
        boolean existed = resolve(request.name()).isPresent();
        return new VolumeChange(createVolume(request), existed, true);
    }

    @Override
    public VolumeStatus createVolume(VolumeRequest request) {
        if (request.name().equals(ClusterBootstrap.SYSTEM_VOLUME)) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "volume name 'system' is reserved; choose another one");
        }
        VolumeSpec spec = spec(request);
        String key = VOLUMES + request.name();
        Optional<Catalog.Versioned<CatalogRecord>> existing =
                catalog().get(key, CatalogRecord.class, CallOptions.DEFAULT);
        if (existing.isPresent() && existing.get().value().state().equals(CatalogRecord.READY)) {
            return existingOrConflict(request, spec);
        }
        CatalogRecord record;
        long version;
        if (existing.isPresent()) {
            // Somebody began to make or to delete it, and did not finish.
            record = existing.get().value();
            version = existing.get().version();
            if (record.state().equals(CatalogRecord.DELETING)) {
                finishDelete(key, existing.get(), true);
                return createVolume(request);
            }
        } else {
            Placement.Choice choice = Placement.choose(cluster.nodes(), request.replicas(), nodeOperations.records());
            record = new CatalogRecord(choice.group().toString(), 0, choice.replicas(), CatalogRecord.CREATING);
            version = reserve(key, record);
        }
        GroupId group = GroupId.parse(record.group());
        Volume volume = createIn(group, spec);
        CatalogRecord ready = record.with(volume.getId(), CatalogRecord.READY);
        try {
            catalog().put(key, ready, version);
        } catch (MoorageException e) {
            // Somebody else completed it meanwhile: then it is there, which is what was asked for.
            if (e.code() != ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                throw e;
            }
        }
        remember(ref(ready, volume));
        return VolumeStatuses.of(volume, group, ready.replicas(), cluster.nodes());
    }

    private long reserve(String key, CatalogRecord record) {
        try {
            return catalog().put(key, record, 0);
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                throw new MoorageException(
                        ErrorCode.ERROR_CODE_ALREADY_EXISTS,
                        "volume '" + key.substring(VOLUMES.length()) + "' is being made by somebody else right now");
            }
            throw e;
        }
    }

    private VolumeStatus existingOrConflict(VolumeRequest request, VolumeSpec spec) {
        VolumeStatus status = volume(request.name())
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE, "volume '" + request.name() + "' was changed meanwhile"));
        boolean replicasFit = request.replicas() == 0 || request.replicas() == status.replicas();
        if (!status.volume().getSpec().equals(spec) || !replicasFit) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_ALREADY_EXISTS,
                    "volume '" + request.name() + "' exists already, with other settings; change it with PATCH");
        }
        return status;
    }

    private Volume createIn(GroupId group, VolumeSpec spec) {
        try {
            return client.submit(
                            group,
                            Command.newBuilder()
                                    .setCreateVolume(CreateVolume.newBuilder().setSpec(spec))
                                    .build(),
                            CallOptions.DEFAULT)
                    .getVolume();
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_ALREADY_EXISTS) {
                return volumeIn(group, spec.getName()).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    @Override
    public VolumeChange updateVolume(String name, VolumeUpdate update, Duration wait) {
        return new VolumeChange(updateVolume(name, update), true, true);
    }

    @Override
    public VolumeStatus updateVolume(String name, VolumeUpdate update) {
        Found found = require(name);
        VolumeSpec.Builder spec = found.volume.getSpec().toBuilder();
        update.quotaBytes().ifPresent(spec::setQuotaBytes);
        update.quotaEntries().ifPresent(spec::setQuotaEntries);
        update.consistency().ifPresent(spec::setConsistency);
        update.labels().ifPresent(labels -> spec.clearLabels().addAllLabels(items(labels)));
        GroupId group = GroupId.parse(found.record.group());
        Volume volume = client.submit(
                        group,
                        Command.newBuilder()
                                .setVolumeId(found.volume.getId())
                                .setUpdateVolume(UpdateVolume.newBuilder()
                                        .setSpec(spec)
                                        .setExpectedVersion(found.volume.getVersion()))
                                .build(),
                        CallOptions.DEFAULT)
                .getVolume();
        remember(ref(found.record, volume));
        return VolumeStatuses.of(volume, group, found.record.replicas(), cluster.nodes());
    }

    @Override
    public Optional<VolumeStatus> deleteVolume(String name, boolean force, Duration wait) {
        deleteVolume(name, force);
        return Optional.empty();
    }

    @Override
    public void deleteVolume(String name, boolean force) {
        if (name.equals(ClusterBootstrap.SYSTEM_VOLUME)) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "volume 'system' belongs to the cluster and stays");
        }
        String key = VOLUMES + name;
        Catalog.Versioned<CatalogRecord> record =
                catalog().get(key, CatalogRecord.class, CallOptions.DEFAULT).orElseThrow(() -> notFound(name));
        finishDelete(key, record, force);
        fresh.invalidate(name);
        known.invalidate(name);
    }

    /** The volume first, then its record: a crash between the two leaves a record that says what it was about. */
    private void finishDelete(String key, Catalog.Versioned<CatalogRecord> record, boolean force) {
        GroupId group = GroupId.parse(record.value().group());
        String name = key.substring(VOLUMES.length());
        Optional<Volume> volume = volumeIn(group, name);
        long version = record.version();
        if (volume.isPresent()) {
            try {
                client.submit(
                        group,
                        Command.newBuilder()
                                .setVolumeId(volume.get().getId())
                                .setDeleteVolume(DeleteVolume.newBuilder().setForce(force))
                                .build(),
                        CallOptions.DEFAULT);
            } catch (MoorageException e) {
                if (e.code() != ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND) {
                    throw e;
                }
            }
        }
        catalog().delete(key, version);
    }

    @Override
    public List<NodeStatus> nodes() {
        return nodeOperations.nodes();
    }

    @Override
    public NodeStatus cordon(String node, boolean cordoned) {
        return nodeOperations.cordon(node, cordoned);
    }

    @Override
    public NodeStatus drain(String node) {
        return nodeOperations.drain(node);
    }

    @Override
    public NodeStatus register(String address) {
        return nodeOperations.register(address);
    }

    @Override
    public void remove(String node) {
        nodeOperations.remove(node);
    }

    @Override
    public void probe(Duration timeout) {
        client.volumes(cluster.systemGroup(), QUORUM.withDeadline(timeout));
    }

    /** One round of looking after the groups: see {@link ReconcileLoop}. */
    void reconcile() {
        nodeOperations.reconcile();
    }

    @Override
    public void close() {
        // The client belongs to whoever made it.
    }

    private Catalog catalog() {
        return cluster.catalog();
    }

    private Optional<Volume> volumeIn(GroupId group, String name) {
        return client.volumes(group, QUORUM).stream()
                .filter(volume -> volume.getSpec().getName().equals(name))
                .findFirst();
    }

    private Found require(String name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    private static MoorageException notFound(String name) {
        return new MoorageException(ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND, "there is no volume '" + name + "'");
    }

    private void remember(VolumeRef ref) {
        fresh.put(ref.name(), ref);
        known.put(ref.name(), ref);
    }

    private static VolumeRef ref(CatalogRecord record, Volume volume) {
        Consistency consistency = volume.getSpec().getConsistency();
        return new VolumeRef(
                volume.getSpec().getName(),
                GroupId.parse(record.group()),
                volume.getId(),
                consistency == Consistency.CONSISTENCY_UNSPECIFIED ? Consistency.CONSISTENCY_QUORUM : consistency);
    }

    private static VolumeSpec spec(VolumeRequest request) {
        return VolumeSpec.newBuilder()
                .setName(request.name())
                .setQuotaBytes(request.quotaBytes())
                .setQuotaEntries(request.quotaEntries())
                .setConsistency(
                        request.consistency() == Consistency.CONSISTENCY_UNSPECIFIED
                                ? Consistency.CONSISTENCY_QUORUM
                                : request.consistency())
                .addAllLabels(items(request.labels()))
                .build();
    }

    private static List<MetadataItem> items(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> MetadataItem.newBuilder()
                                .setName(label.getKey())
                                .setValue(label.getValue())
                                .build())
                        .toList();
    }
}
