package io.moorage.api.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupViews;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the storage nodes and their groups say of themselves, at most a second old. Thread-safe. */
final class LiveCluster {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MAX_AGE = Duration.ofSeconds(1);
    private static final int MAX_NODES = 100;
    private static final CallOptions QUORUM =
            CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM).withDeadline(TIMEOUT);

    private final MoorageClient client;
    private final Object asking = new Object();
    private final Cache<GroupId, Map<Long, Volume>> volumes =
            Caffeine.newBuilder().expireAfterWrite(MAX_AGE).maximumSize(1000).build();
    /** What was found by asking the groups: they are asked anew after a while only. */
    private final Cache<String, VolumeRef> found = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(30))
            .maximumSize(10_000)
            .build();

    private volatile List<NodeView> nodes = List.of();
    private volatile long askedNanos = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    LiveCluster(MoorageClient client) {
        this.client = client;
    }

    List<NodeView> nodes() {
        synchronized (asking) {
            if (System.nanoTime() - askedNanos > MAX_AGE.toNanos()) {
                nodes = client.admin().describe(TIMEOUT);
                askedNanos = System.nanoTime();
            }
            return nodes;
        }
    }

    /** Ask again next time. */
    void invalidate() {
        volumes.invalidateAll();
        askedNanos = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    }

    /** The volumes of a group by their ids; none if it does not answer. */
    Map<Long, Volume> volumes(GroupId group) {
        return volumes.get(group, id -> {
            try {
                return byId(id, QUORUM);
            } catch (MoorageException e) {
                // Its volumes are shown without usage, and their status says that it has no leader.
                return Map.of();
            }
        });
    }

    /** How many entries and kept versions the volume holds at this moment; 0 if the group has no such volume. UNAVAILABLE if nobody can say. */
    long entriesNow(GroupId group, long volumeId) {
        Volume volume = byId(group, QUORUM.withConsistency(Consistency.CONSISTENCY_STRONG))
                .get(volumeId);
        return volume == null
                ? 0
                : volume.getUsage().getEntries() + volume.getUsage().getKeptVersions();
    }

    private Map<Long, Volume> byId(GroupId group, CallOptions options) {
        Map<Long, Volume> byId = new HashMap<>();
        client.volumes(group, options).forEach(volume -> byId.put(volume.getId(), volume));
        return byId;
    }

    /**
     * The volume of that name, wherever it is.
     *
     * @throws MoorageException UNAVAILABLE if it is not found, but somebody who may have it does not answer
     */
    Optional<VolumeRef> find(String name) {
        VolumeRef known = found.getIfPresent(name);
        if (known != null) {
            return Optional.of(known);
        }
        List<VolumeRef> candidates = new ArrayList<>();
        String silent = nodes().stream()
                .filter(node -> !node.reachable())
                .map(NodeView::address)
                .findFirst()
                .map(address -> "node " + address + " does not answer")
                .orElse("");
        for (GroupId group : groups()) {
            Map<Long, Volume> held = volumes(group);
            if (held.isEmpty() && !led(group)) {
                silent = "group " + group + " has no leader";
            }
            held.values().stream()
                    .filter(volume -> volume.getSpec().getName().equals(name))
                    .forEach(volume -> candidates.add(ref(group, volume)));
        }
        if (candidates.size() == 1) {
            found.put(name, candidates.get(0));
            return Optional.of(candidates.get(0));
        }
        if (candidates.size() > 1) {
            throw unavailable("volume '" + name + "' is in " + candidates.size()
                    + " groups, and only the Kubernetes API, which does not answer, knows which one counts");
        }
        if (!silent.isEmpty()) {
            throw unavailable("volume '" + name + "' was not found, but " + silent
                    + ", and the Kubernetes API has not answered since this server started");
        }
        return Optional.empty();
    }

    /** The volumes of all groups, by group. */
    Map<GroupId, Map<Long, Volume>> all() {
        Map<GroupId, Map<Long, Volume>> all = new HashMap<>();
        groups().forEach(group -> all.put(group, volumes(group)));
        return all;
    }

    /** The cluster's own volume. Empty: it has none. */
    Optional<VolumeRef> system() {
        return systemGroup()
                .flatMap(group -> volumes(group).values().stream()
                        .filter(volume -> volume.getSpec().getName().equals(VolumeRef.SYSTEM))
                        .map(volume -> ref(group, volume))
                        .findFirst());
    }

    /** Returns if a leader answers: that of the group with the system volume if there is one, else any. */
    void probe(Duration timeout) {
        GroupId group = systemGroup()
                .or(() -> groups().stream().filter(this::led).findFirst())
                .orElseThrow(
                        () -> unavailable("no group of the cluster has a leader among the nodes that answer; is the"
                                + " cluster being made, or down?"));
        client.volumes(group, QUORUM.withDeadline(timeout));
    }

    /** Nodes that members of groups are, though nobody named them here. */
    List<String> unknownMembers() {
        Set<String> asked = new LinkedHashSet<>(client.admin().addresses());
        return nodes().stream()
                .flatMap(node -> node.replicas().stream())
                .flatMap(replica -> replica.getMembersList().stream())
                .map(Member::getServiceAddress)
                .filter(address -> !address.isEmpty() && !asked.contains(address))
                .distinct()
                .limit(MAX_NODES)
                .toList();
    }

    /** Those that lost their majority and went on as others are none any more. */
    private Set<GroupId> groups() {
        List<NodeView> views = nodes();
        Set<GroupId> groups = new LinkedHashSet<>();
        views.forEach(node -> node.replicas().forEach(replica -> groups.add(GroupId.of(replica.getGroupId()))));
        groups.removeAll(new GroupViews(views).successors().keySet());
        return groups;
    }

    private boolean led(GroupId group) {
        return replicas(group).stream().anyMatch(replica -> replica.getRole() == Role.ROLE_LEADER);
    }

    private List<ReplicaInfo> replicas(GroupId group) {
        return nodes().stream()
                .flatMap(node -> node.replicas().stream())
                .filter(replica -> replica.getGroupId().equals(group.toBytes()))
                .toList();
    }

    private Optional<GroupId> systemGroup() {
        Set<GroupId> groups = groups();
        return nodes().stream()
                .flatMap(node -> node.replicas().stream())
                .filter(ReplicaInfo::getSystem)
                .map(replica -> GroupId.of(replica.getGroupId()))
                .filter(groups::contains)
                .findFirst();
    }

    private static VolumeRef ref(GroupId group, Volume volume) {
        Consistency consistency = volume.getSpec().getConsistency();
        return new VolumeRef(
                volume.getSpec().getName(),
                group,
                volume.getId(),
                consistency == Consistency.CONSISTENCY_UNSPECIFIED ? Consistency.CONSISTENCY_QUORUM : consistency);
    }

    private static MoorageException unavailable(String message) {
        return new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, message, 0, false, Duration.ofSeconds(2), null);
    }
}
