package io.moorage.operator.testing;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.operator.volume.Engine;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.NodeState;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import io.moorage.protocol.v1.VolumeUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Groups and volumes in memory, with nodes that can be taken down. The first member that is up leads. */
public final class FakeEngine implements Engine {
    private static final class Group {
        private final List<String> members;
        private final Map<Long, Volume> volumes = new TreeMap<>();
        private final Map<String, Pin> pins = new TreeMap<>();

        private Group(List<String> members) {
            this.members = members;
        }
    }

    private final Map<GroupId, Group> groups = new LinkedHashMap<>();
    private final Set<String> nodes = new TreeSet<>();
    private final Set<String> down = new TreeSet<>();
    private final Set<String> full = new TreeSet<>();
    private final Set<String> withdrawn = new TreeSet<>();
    private long next = 4096;
    private int described;

    public synchronized GroupId group(String... members) {
        GroupId id = GroupId.random();
        return group(id, members);
    }

    public synchronized GroupId group(GroupId id, String... members) {
        nodes.addAll(List.of(members));
        groups.put(id, new Group(List.of(members)));
        return id;
    }

    public synchronized void dropGroup(GroupId id) {
        groups.remove(id);
    }

    public synchronized void down(String... names) {
        down.addAll(List.of(names));
    }

    public synchronized void up(String... names) {
        List.of(names).forEach(down::remove);
    }

    public synchronized void full(String... names) {
        full.addAll(List.of(names));
    }

    /** So full that they take no part in their groups any more. */
    public synchronized void brimful(String... names) {
        full(names);
        withdrawn.addAll(List.of(names));
    }

    public synchronized void free(String... names) {
        List.of(names).forEach(full::remove);
        List.of(names).forEach(withdrawn::remove);
    }

    /** As if entries had been written. */
    public synchronized void fill(GroupId group, String volume, long entries, long bytes) {
        Volume present = named(group, volume).orElseThrow();
        groups.get(group)
                .volumes
                .put(
                        present.getId(),
                        present.toBuilder()
                                .setUsage(VolumeUsage.newBuilder()
                                        .setEntries(entries)
                                        .setLogicalBytes(bytes)
                                        .setStoredBytes(bytes))
                                .build());
    }

    public synchronized Optional<Volume> named(GroupId group, String name) {
        return groups.get(group).volumes.values().stream()
                .filter(volume -> volume.getSpec().getName().equals(name))
                .findFirst();
    }

    public synchronized Set<String> pins(GroupId group) {
        return new TreeSet<>(groups.get(group).pins.keySet());
    }

    public synchronized int described() {
        return described;
    }

    private Optional<String> leader(Group group) {
        List<String> up = group.members.stream()
                .filter(name -> !down.contains(name) && !withdrawn.contains(name))
                .toList();
        return up.size() > group.members.size() / 2 ? Optional.of(up.get(0)) : Optional.empty();
    }

    private Group require(GroupId id) {
        Group group = groups.get(id);
        if (group == null || leader(group).isEmpty()) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "group " + id + " is not available");
        }
        return group;
    }

    private static Volume require(Group group, long volume) {
        Volume present = group.volumes.get(volume);
        if (present == null) {
            throw new MoorageException(ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND, "there is no volume " + volume);
        }
        return present;
    }

    @Override
    public synchronized List<NodeView> describe() {
        described++;
        List<NodeView> views = new ArrayList<>();
        for (String node : nodes) {
            if (down.contains(node)) {
                views.add(new NodeView(node + ":9200", Optional.empty(), List.of(), "connection refused"));
                continue;
            }
            List<ReplicaInfo> replicas = new ArrayList<>();
            groups.forEach((id, group) -> {
                if (group.members.contains(node)) {
                    replicas.add(replica(id, group, node));
                }
            });
            NodeInfo info = NodeInfo.newBuilder()
                    .setId(node + ".1")
                    .setName(node)
                    .setCapacityBytes(100)
                    .setFreeBytes(50)
                    .setState(full.contains(node) ? NodeState.NODE_STATE_FULL : NodeState.NODE_STATE_READY)
                    .build();
            views.add(new NodeView(node + ":9200", Optional.of(info), replicas, ""));
        }
        return views;
    }

    private ReplicaInfo replica(GroupId id, Group group, String node) {
        boolean leads = leader(group).filter(node::equals).isPresent();
        return ReplicaInfo.newBuilder()
                .setGroupId(id.toBytes())
                .setRole(leads ? Role.ROLE_LEADER : Role.ROLE_FOLLOWER)
                .setTerm(1)
                .setState(ReplicaState.REPLICA_STATE_READY)
                .addAllMembers(group.members.stream()
                        .map(name -> Member.newBuilder().setNodeId(name + ".1").build())
                        .toList())
                .build();
    }

    @Override
    public synchronized List<Volume> volumes(GroupId id, Consistency consistency) {
        Group group = groups.get(id);
        if (consistency != Consistency.CONSISTENCY_EVENTUAL) {
            require(id);
        } else if (group == null || down.containsAll(group.members)) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "no replica of " + id + " answers");
        }
        return List.copyOf(group.volumes.values());
    }

    @Override
    public synchronized Volume create(GroupId id, VolumeSpec spec) {
        Group group = require(id);
        return named(id, spec.getName()).orElseGet(() -> {
            long version = next++;
            Volume volume = Volume.newBuilder()
                    .setId(version)
                    .setVersion(version)
                    .setSpec(spec)
                    .build();
            group.volumes.put(version, volume);
            return volume;
        });
    }

    @Override
    public synchronized Volume update(GroupId id, long volume, VolumeSpec spec, long expectedVersion) {
        Group group = require(id);
        Volume present = require(group, volume);
        if (present.getVersion() != expectedVersion) {
            throw new MoorageException(ErrorCode.ERROR_CODE_PRECONDITION_FAILED, "changed meanwhile");
        }
        Volume updated = present.toBuilder().setSpec(spec).setVersion(next++).build();
        group.volumes.put(volume, updated);
        return updated;
    }

    @Override
    public synchronized void delete(GroupId id, long volume, boolean force) {
        Group group = require(id);
        Volume present = require(group, volume);
        if (!force && present.getUsage().getEntries() > 0) {
            throw new MoorageException(ErrorCode.ERROR_CODE_NOT_EMPTY, "it holds entries");
        }
        group.volumes.remove(volume);
        group.pins.values().removeIf(pin -> pin.getVolumeId() == volume);
    }

    @Override
    public synchronized Pin pin(GroupId id, long volume, String name) {
        Group group = require(id);
        Volume present = require(group, volume);
        return group.pins.computeIfAbsent(
                name,
                absent -> Pin.newBuilder()
                        .setName(name)
                        .setVolumeId(volume)
                        .setVersion(next++)
                        .setCreatedAtMs(System.currentTimeMillis())
                        .setEntries(present.getUsage().getEntries())
                        .setLogicalBytes(present.getUsage().getLogicalBytes())
                        .build());
    }

    @Override
    public synchronized void release(GroupId id, long volume, String name) {
        require(id).pins.remove(name);
    }
}
