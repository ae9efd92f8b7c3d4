package io.moorage.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.operator.cluster.StorageClusterReconciler;
import io.moorage.operator.cluster.groups.GroupWork;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.testing.FakeEngine;
import io.moorage.operator.testing.TestKubernetes;
import io.moorage.operator.testing.Timed;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What many Volumes cost the operator. Not a test; run by hand as docs/performance.md says. The mock of Kubernetes, with all that
 * it stores, is in the same process and counts as well.
 */
class ManyVolumesBench {
    private static final int VOLUMES = Integer.getInteger("moorage.many.volumes", 5000);
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Test
    void heapAndTime() throws Exception {
        FakeEngine engine = new FakeEngine();
        GroupId group = engine.group("c-node-0", "c-node-1", "c-node-2");
        GroupWork work = new GroupWork();
        try (TestKubernetes kubernetes = new TestKubernetes();
                Clusters clusters = new Clusters();
                ClusterViews views = new ClusterViews(cluster -> engine, InstantSource.system())) {
            EventRecorder events = new EventRecorder(kubernetes.client(), InstantSource.system());
            Timed timed = new Timed(new StorageClusterReconciler(
                    new StorageClusterReconciler.Surroundings("moorage:1", Optional.of("moorage"), false),
                    kubernetes.client(),
                    clusters,
                    cluster -> {},
                    events,
                    work,
                    InstantSource.system()));
            kubernetes.cluster("c", 3, TestKubernetes.group(group, 3));
            long begin = System.nanoTime();
            kubernetes.run(timed, new VolumeReconciler(views, events, InstantSource.system()));
            IntStream.range(0, VOLUMES).parallel().forEach(i -> kubernetes.create(volume("v" + i)));
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).until(() -> ready(kubernetes) == VOLUMES);
            System.out.printf("%d volumes are ready after %.1f s%n", VOLUMES, (System.nanoTime() - begin) / 1e9);
            Thread.sleep(30_000);
            int writes = kubernetes.writes();
            int rounds = timed.rounds().size();
            Thread.sleep(30_000);
            List<Duration> calm = timed.rounds().subList(rounds, timed.rounds().size()).stream()
                    .sorted()
                    .toList();
            System.out.printf(
                    "in 30 s of rest: %d writes, %d rounds of the cluster, the median %s%n",
                    kubernetes.writes() - writes, calm.size(), calm.isEmpty() ? "-" : calm.get(calm.size() / 2));
            System.gc();
            Thread.sleep(1000);
            System.gc();
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            System.out.printf("heap in use: %d MiB of at most %d%n", heap.getUsed() >> 20, heap.getMax() >> 20);
            assertThat(heap.getUsed()).isLessThan(256L << 20);
        } finally {
            work.close();
        }
    }

    private static long ready(TestKubernetes kubernetes) {
        return kubernetes
                .client()
                .resources(Volume.class)
                .inNamespace(kubernetes.namespace())
                .list()
                .getItems()
                .stream()
                .filter(volume -> volume.getStatus() != null
                        && TestKubernetes.show(volume.getStatus().conditions(), Moorage.READY)
                                .equals("True Available"))
                .count();
    }

    private static Volume volume(String name) {
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder().withName(name).build());
        volume.setSpec(
                VolumeSpecBuilder.builder().clusterRef(new Reference("c")).build());
        return volume;
    }
}
