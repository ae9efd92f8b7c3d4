package io.moorage.api.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.github.bucket4j.Bucket;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.VolumeChange;
import io.moorage.client.control.VolumeRequest;
import io.moorage.client.control.VolumeStatus;
import io.moorage.client.control.VolumeUpdate;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.DeletionPolicy;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Volumes by their resources. Thread-safe. */
final class KubernetesVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesVolumes.class);
    private static final int CONFLICT = 409;
    private static final int QUESTIONS_PER_SECOND = 20;

    private final KubernetesConnection kubernetes;
    private final ClusterWatch watch;
    private final LiveCluster live;
    private final VolumeViews views;
    private final Refusals refusals;
    private final Changes changes;
    /** Names that Kubernetes was asked for a moment ago. */
    private final Cache<String, Optional<Volume>> asked = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(1))
            .maximumSize(10_000)
            .build();

    private final Bucket questions = Bucket.builder()
            .addLimit(limit ->
                    limit.capacity(QUESTIONS_PER_SECOND).refillGreedy(QUESTIONS_PER_SECOND, Duration.ofSeconds(1)))
            .build();

    KubernetesVolumes(KubernetesConnection kubernetes, ClusterWatch watch, LiveCluster live, Refusals refusals) {
        this.kubernetes = kubernetes;
        this.watch = watch;
        this.live = live;
        this.views = new VolumeViews(live);
        this.refusals = refusals;
        this.changes = new Changes(refusals);
    }

    Optional<VolumeRef> resolve(String name) {
        if (name.equals(VolumeRef.SYSTEM)) {
            return live.system();
        }
        if (!watch.volumesKnown()) {
            return live.find(name);
        }
        Optional<Volume> volume = watch.volume(name);
        if (volume.flatMap(VolumeResources::home).isEmpty()) {
            // Made a moment ago, perhaps through another server, and not heard of here yet?
            volume = ask(name).or(() -> watch.volume(name));
        }
        if (volume.isEmpty() || VolumeResources.isBeingDeleted(volume.get())) {
            return Optional.empty();
        }
        Volume there = volume.get();
        return Optional.of(VolumeResources.home(there)
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                        "volume '" + name + "' is still being made: "
                                + views.of(there).reason(),
                        0,
                        false,
                        Duration.ofSeconds(1),
                        null)));
    }

    /** Asks Kubernetes directly, but about a name no more than once a second, and not often about all of them. */
    private Optional<Volume> ask(String name) {
        Optional<Volume> known = asked.getIfPresent(name);
        if (known != null) {
            return known;
        }
        if (!watch.watching() || !VolumeResources.isName(name) || !questions.tryConsume(1)) {
            return Optional.empty();
        }
        try {
            Optional<Volume> answer = Optional.ofNullable(resource(name).get()).filter(watch::ours);
            asked.put(name, answer);
            return answer;
        } catch (KubernetesClientException e) {
            LOG.debug("Kubernetes was asked for volume {}: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    List<VolumeStatus> all() {
        if (!watch.volumesKnown()) {
            return views.held();
        }
        return watch.volumes().stream()
                .sorted(Comparator.comparing(volume -> volume.getMetadata().getName()))
                .map(views::of)
                .toList();
    }

    Optional<VolumeStatus> get(String name) {
        if (name.equals(VolumeRef.SYSTEM)) {
            return live.system().flatMap(views::held);
        }
        if (!watch.volumesKnown()) {
            return live.find(name).flatMap(views::held);
        }
        return watch.volume(name).or(() -> ask(name)).map(views::of);
    }

    Optional<VolumeStatus> get(String name, Duration wait) {
        watch.await(
                () -> {
                    Optional<Volume> volume = watch.volume(name);
                    return volume.isEmpty()
                            || VolumeResources.isUsable(volume.get()) && !VolumeResources.isBeingDeleted(volume.get());
                },
                wait);
        return get(name);
    }

    VolumeChange create(VolumeRequest request, Duration wait) {
        Volume wanted = VolumeResources.of(request, kubernetes.namespace(), kubernetes.cluster(), defaultReplicas());
        long end = System.nanoTime() + wait.toNanos();
        Volume there;
        boolean existed = false;
        try {
            there = kubernetes.client().resource(wanted).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw refusals.of(e, "create volume '" + request.name() + "'");
            }
            there = existing(request);
            existed = true;
        }
        asked.invalidate(request.name());
        Volume after = await(there, VolumeResources::isUsable, end);
        live.invalidate();
        return new VolumeChange(views.of(after), existed, VolumeResources.isUsable(after));
    }

    private Volume existing(VolumeRequest request) {
        Volume volume;
        try {
            volume = resource(request.name()).get();
        } catch (KubernetesClientException e) {
            throw refusals.of(e, "get volume '" + request.name() + "'");
        }
        if (volume == null || VolumeResources.isBeingDeleted(volume)) {
            throw conflict(request.name(), "is being deleted; make it again when it is gone");
        }
        if (!watch.ours(volume)) {
            throw conflict(
                    request.name(), "exists already, in another StorageCluster of the namespace; choose another name");
        }
        if (!VolumeResources.fits(volume, request)) {
            throw conflict(request.name(), "exists already, with other settings; change it with PATCH");
        }
        return volume;
    }

    private static MoorageException conflict(String name, String why) {
        return new MoorageException(ErrorCode.ERROR_CODE_ALREADY_EXISTS, "volume '" + name + "' " + why);
    }

    /** As many as the cluster's shared groups have; what the fewest nodes lose least with, where there are several kinds. */
    private int defaultReplicas() {
        Optional<StorageCluster> cluster = watch.cluster();
        int nodes = cluster.map(c -> c.getSpec().nodes()).orElse(3);
        int usual = nodes >= 3 ? 3 : 1;
        List<Integer> offered = cluster.stream()
                .flatMap(c -> c.getSpec().groups().stream())
                .map(pool -> pool.replicas())
                .toList();
        return offered.isEmpty() || offered.contains(usual)
                ? usual
                : offered.stream().max(Comparator.naturalOrder()).orElse(usual);
    }

    VolumeChange update(String name, VolumeUpdate update, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        Volume patched = changes.patch(
                resource(name),
                "patch volume '" + name + "'",
                volume -> VolumeResources.patch(require(name, volume), update),
                () -> notFound(name));
        long generation = generation(patched);
        Volume after =
                await(patched, volume -> generation(volume) >= generation && VolumeResources.isObserved(volume), end);
        live.invalidate();
        return new VolumeChange(views.of(after), true, VolumeResources.isObserved(after));
    }

    private static long generation(Volume volume) {
        Long generation = volume.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    Optional<VolumeStatus> delete(String name, boolean force, Duration wait) {
        if (name.equals(VolumeRef.SYSTEM)) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "volume 'system' belongs to the cluster and stays");
        }
        long end = System.nanoTime() + wait.toNanos();
        Resource<Volume> resource = resource(name);
        Volume deleted = changes.repeat(resource, "delete volume '" + name + "'", () -> notFound(name), volume -> {
            if (!watch.ours(volume)) {
                throw notFound(name);
            }
            if (!force) {
                refuseIfNotEmpty(name, volume);
            }
            // What is written after this look must not be lost by a deletion that nobody forced.
            DeletionPolicy policy = force ? DeletionPolicy.DELETE : DeletionPolicy.RETAIN;
            Volume marked = volume.getSpec().deletionPolicy() == policy
                    ? volume
                    : changes.patchOnce(resource, new JsonPatch(volume).set("/spec/deletionPolicy", policy));
            resource.lockResourceVersion(marked.getMetadata().getResourceVersion())
                    .delete();
            return marked;
        });
        asked.invalidate(name);
        Optional<Volume> left = awaitGone(name, deleted, end);
        live.invalidate();
        return left.map(views::of);
    }

    private void refuseIfNotEmpty(String name, Volume volume) {
        long entries = VolumeResources.home(volume)
                .map(home -> live.entriesNow(home.group(), home.id()))
                .orElse(0L);
        if (entries > 0) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_NOT_EMPTY,
                    "volume '" + name + "' holds " + entries
                            + (entries == 1 ? " entry" : " entries")
                            + "; delete them first, or force it, which deletes them all");
        }
    }

    /** What is still there at the end. */
    private Optional<Volume> awaitGone(String name, Volume deleted, long end) {
        while (true) {
            watch.await(
                    () -> watch.volume(name)
                            .filter(volume -> VolumeResources.sameObject(volume, deleted))
                            .isEmpty(),
                    left(end));
            // The watch may not have heard of the volume at all yet: Kubernetes has the last word.
            Optional<Volume> there;
            try {
                there = Optional.ofNullable(resource(name).get())
                        .filter(volume -> VolumeResources.sameObject(volume, deleted));
            } catch (KubernetesClientException e) {
                throw refusals.of(e, "get volume '" + name + "'");
            }
            if (there.isEmpty() || left(end).isZero()) {
                return there;
            }
            watch.await(() -> false, min(left(end), Duration.ofMillis(200)));
        }
    }

    /** The volume when it fulfils the condition, or as it is at the end. */
    private Volume await(Volume there, Predicate<Volume> condition, long end) {
        String name = there.getMetadata().getName();
        watch.await(() -> current(name, there).filter(condition).isPresent(), left(end));
        return current(name, there).orElse(there);
    }

    /** The newer of what was heard of it and what this server saw itself. */
    private Optional<Volume> current(String name, Volume seen) {
        return watch.volume(name)
                .filter(volume -> VolumeResources.sameObject(volume, seen))
                .filter(volume -> generation(volume) >= generation(seen));
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Volume require(String name, Volume volume) {
        if (!watch.ours(volume) || VolumeResources.isBeingDeleted(volume)) {
            throw notFound(name);
        }
        return volume;
    }

    private Resource<Volume> resource(String name) {
        return kubernetes
                .client()
                .resources(Volume.class)
                .inNamespace(kubernetes.namespace())
                .withName(name);
    }

    private static MoorageException notFound(String name) {
        return new MoorageException(ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND, "there is no volume '" + name + "'");
    }
}
