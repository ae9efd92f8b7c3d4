package io.moorage.it;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.DeletionPolicy;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.DeleteVolume;
import io.moorage.protocol.v1.UpdateVolume;
import io.moorage.protocol.v1.VolumeSpec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does for Volumes what the operator does, as far as an API server can see it. It can be held up. */
final class FakeOperator implements AutoCloseable {
    private static final String FINALIZER = "moorage.io/volume";

    private final KubernetesClient kubernetes;
    private final MoorageClient client;
    private final GroupId group;
    private final AtomicBoolean held = new AtomicBoolean();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    FakeOperator(KubernetesClient kubernetes, MoorageClient client, GroupId group) {
        this.kubernetes = kubernetes;
        this.client = client;
        this.group = group;
        executor.scheduleWithFixedDelay(this::round, 0, 50, TimeUnit.MILLISECONDS);
    }

    void hold(boolean hold) {
        held.set(hold);
    }

    private void round() {
        if (held.get()) {
            return;
        }
        try {
            for (Volume volume :
                    kubernetes.resources(Volume.class).inAnyNamespace().list().getItems()) {
                if (volume.getSpec().clusterRef().name().equals("local")) {
                    reconcile(volume);
                }
            }
        } catch (KubernetesClientException | MoorageException e) {
            // Next round: that Kubernetes is away, or somebody else was faster, is part of the tests.
        }
    }

    private void reconcile(Volume volume) {
        if (volume.getMetadata().getDeletionTimestamp() != null) {
            delete(volume);
            return;
        }
        if (volume.getFinalizers().isEmpty()) {
            kubernetes.resource(volume).edit(v -> {
                v.addFinalizer(FINALIZER);
                return v;
            });
            return;
        }
        Long generation = volume.getMetadata().getGeneration();
        if (volume.getStatus() == null
                || !Objects.equals(generation, volume.getStatus().observedGeneration())) {
            io.moorage.protocol.v1.Volume made = make(volume);
            Condition ready = new ConditionBuilder()
                    .withType(Moorage.READY)
                    .withStatus("True")
                    .withReason("Ready")
                    .withMessage("")
                    .build();
            VolumeStatus status = VolumeStatusBuilder.builder()
                    .observedGeneration(generation)
                    .conditions(List.of(ready))
                    .group(group.toString())
                    .volumeId(made.getId())
                    .build();
            kubernetes.resource(volume).editStatus(v -> {
                v.setStatus(status);
                return v;
            });
        }
    }

    private io.moorage.protocol.v1.Volume make(Volume volume) {
        var consistency = switch (volume.getSpec().consistency()) {
            case STRONG -> io.moorage.protocol.v1.Consistency.CONSISTENCY_STRONG;
            case QUORUM -> io.moorage.protocol.v1.Consistency.CONSISTENCY_QUORUM;
            case EVENTUAL -> io.moorage.protocol.v1.Consistency.CONSISTENCY_EVENTUAL;
        };
        VolumeSpec spec = VolumeSpec.newBuilder()
                .setName(volume.getMetadata().getName())
                .setConsistency(consistency)
                .setQuotaBytes(
                        volume.getSpec().size() == null
                                ? 0
                                : volume.getSpec().size().getNumericalAmount().longValue())
                .setQuotaEntries(
                        volume.getSpec().maxEntries() == null
                                ? 0
                                : volume.getSpec().maxEntries())
                .build();
        return client.volumes(group, CallOptions.DEFAULT).stream()
                .filter(v -> v.getSpec().getName().equals(spec.getName()))
                .findFirst()
                .map(v -> submit(Command.newBuilder()
                        .setVolumeId(v.getId())
                        .setUpdateVolume(UpdateVolume.newBuilder().setSpec(spec))
                        .build()))
                .orElseGet(() -> submit(Command.newBuilder()
                        .setCreateVolume(CreateVolume.newBuilder().setSpec(spec))
                        .build()));
    }

    private io.moorage.protocol.v1.Volume submit(Command command) {
        return client.submit(group, command, CallOptions.DEFAULT).getVolume();
    }

    private void delete(Volume volume) {
        boolean force = volume.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
        client.volumes(group, CallOptions.DEFAULT).stream()
                .filter(v -> v.getSpec().getName().equals(volume.getMetadata().getName()))
                .filter(v -> force || v.getUsage().getEntries() == 0)
                .findFirst()
                .ifPresent(v -> client.submit(
                        group,
                        Command.newBuilder()
                                .setVolumeId(v.getId())
                                .setDeleteVolume(DeleteVolume.newBuilder().setForce(force))
                                .build(),
                        CallOptions.DEFAULT));
        kubernetes.resource(volume).edit(v -> {
            v.removeFinalizer(FINALIZER);
            return v;
        });
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kubernetes.close();
    }
}
