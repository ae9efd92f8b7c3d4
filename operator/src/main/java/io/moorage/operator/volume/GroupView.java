package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.volume.VolumeReplica;
import io.moorage.protocol.v1.Volume;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A group as its replicas described it. Thread-safe. Volumes that were made, changed or deleted since are noted in it, so that
 * the next one who asks need not ask the nodes again.
 */
public final class GroupView {
    private final GroupId id;
    private final Optional<String> leader;
    private final List<VolumeReplica> replicas;
    private final long storedBytes;
    private final int freePercent;
    private final boolean full;
    private final boolean volumesKnown;
    private final Map<Long, Volume> volumes = new ConcurrentHashMap<>();
    private final AtomicInteger promised = new AtomicInteger();

    /**
     * @param leader name of the leading node
     * @param storedBytes what the group stores on each replica
     * @param freePercent free space on the fullest disk of its members, 0 to 100
     * @param full a member refuses new data
     * @param volumes empty: nobody could say
     */
    GroupView(
            GroupId id,
            Optional<String> leader,
            List<VolumeReplica> replicas,
            long storedBytes,
            int freePercent,
            boolean full,
            Optional<? extends Collection<Volume>> volumes) {
        this.id = id;
        this.leader = leader;
        this.replicas = List.copyOf(replicas);
        this.storedBytes = storedBytes;
        this.freePercent = freePercent;
        this.full = full;
        this.volumesKnown = volumes.isPresent();
        volumes.ifPresent(list -> list.forEach(this::put));
    }

    public GroupId id() {
        return id;
    }

    public Optional<String> leader() {
        return leader;
    }

    public List<VolumeReplica> replicas() {
        return replicas;
    }

    public int readyReplicas() {
        return (int) replicas.stream()
                .filter(replica -> replica.state().equals("Ready"))
                .count();
    }

    public long storedBytes() {
        return storedBytes;
    }

    public int freePercent() {
        return freePercent;
    }

    public boolean full() {
        return full;
    }

    /** Whether {@link #volume} can be believed when it says that there is none. */
    public boolean volumesKnown() {
        return volumesKnown;
    }

    public Optional<Volume> volume(long volumeId) {
        return Optional.ofNullable(volumes.get(volumeId));
    }

    public Optional<Volume> volume(String name) {
        return volumes.values().stream()
                .filter(volume -> volume.getSpec().getName().equals(name))
                .findFirst();
    }

    /** Volumes that are in it or are about to be. */
    public int load() {
        return volumes.size() + promised.get();
    }

    /** A volume will be made in it. */
    public void promise() {
        promised.incrementAndGet();
    }

    public void put(Volume volume) {
        volumes.put(volume.getId(), volume);
    }

    public void remove(long volumeId) {
        volumes.remove(volumeId);
    }
}
