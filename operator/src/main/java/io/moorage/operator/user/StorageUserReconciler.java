package io.moorage.operator.user;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.user.StorageUserStatus;
import io.moorage.crds.v1alpha1.user.StorageUserStatusBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.status.AsksForSomethingElse;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.status.StatusPatch;
import io.moorage.operator.text.Durations;
import io.moorage.operator.volume.ApiEndpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes and rotates the keys of users, in Secrets. Thread-safe. */
@ControllerConfiguration(
        name = "storageuser",
        fieldManager = Names.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = AsksForSomethingElse.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public final class StorageUserReconciler implements Reconciler<StorageUser> {
    private static final String BY_CLUSTER = "by-cluster";
    private static final Duration LONGEST_TIMER = Duration.ofHours(1);
    private static final String ENFORCED = "S3 asks for the keys, and keeps to spec.grants and spec.suspended";

    private final EventRecorder events;
    private final InstantSource clock;

    public StorageUserReconciler(EventRecorder events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, StorageUser>> prepareEventSources(EventSourceContext<StorageUser> context) {
        context.getPrimaryCache().addIndexer(BY_CLUSTER, user -> List.of(key(clusterOf(user))));
        return List.of(
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(StorageCluster.class, StorageUser.class)
                                .withName("clusters-of-users")
                                .withSecondaryToPrimaryMapper(
                                        cluster -> context
                                                .getPrimaryCache()
                                                .byIndex(BY_CLUSTER, key(ResourceID.fromResource(cluster)))
                                                .stream()
                                                .map(ResourceID::fromResource)
                                                .collect(Collectors.toSet()))
                                .withPrimaryToSecondaryMapper((StorageUser user) -> Set.of(clusterOf(user)))
                                .withOnUpdateFilter(
                                        (now, before) -> !ApiEndpoints.s3(now).equals(ApiEndpoints.s3(before)))
                                .build(),
                        context),
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(Secret.class, StorageUser.class)
                                .withName("secrets-of-users")
                                .withLabelSelector(KeySecret.USER_LABEL)
                                .build(),
                        context));
    }

    private static ResourceID clusterOf(StorageUser user) {
        return new ResourceID(
                user.getSpec().clusterRef().name(), user.getMetadata().getNamespace());
    }

    private static String key(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }

    @Override
    public UpdateControl<StorageUser> reconcile(StorageUser user, Context<StorageUser> context) {
        if (Resources.paused(user)) {
            return UpdateControl.noUpdate();
        }
        Optional<StorageCluster> cluster = context.getSecondaryResource(StorageCluster.class);
        if (cluster.isEmpty()) {
            return refuse(
                    user,
                    "ClusterNotFound",
                    "there is no StorageCluster " + user.getSpec().clusterRef().name() + " in namespace "
                            + user.getMetadata().getNamespace());
        }
        // Asked directly, because a Secret that is not ours has no label for the cache to know it by, and keys must not
        // be made twice over because a cache is behind.
        Secret present = context.getClient()
                .secrets()
                .inNamespace(user.getMetadata().getNamespace())
                .withName(Names.secret(user))
                .get();
        if (present != null && !present.hasOwnerReferenceFor(user)) {
            return refuse(
                    user,
                    "SecretNotOurs",
                    "Secret " + Names.secret(user)
                            + " exists and does not belong to this user: delete it, or make the user anew with another"
                            + " spec.secretName");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        KeySecret keys = keys(user, present, now);
        Secret wanted = keys.toSecret(user, ApiEndpoints.s3(cluster.get()));
        if (present == null || !KeySecret.fits(present, wanted)) {
            context.getClient()
                    .resource(wanted)
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(Names.OPERATOR)
                            .withForce(true)
                            .build());
        }
        UpdateControl<StorageUser> control = write(user, status(user, keys));
        keys.formerUntil().ifPresent(until -> {
            Duration left = Duration.between(clock.instant(), until).plusMillis(10);
            control.rescheduleAfter(left.compareTo(LONGEST_TIMER) < 0 ? positive(left) : LONGEST_TIMER);
        });
        return control;
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() || duration.isZero() ? Duration.ofMillis(1) : duration;
    }

    private KeySecret keys(StorageUser user, Secret present, Instant now) {
        String rotation = Resources.annotations(user).get(Moorage.ROTATE_ANNOTATION);
        Optional<KeySecret> read = Optional.ofNullable(present).flatMap(KeySecret::read);
        if (read.isEmpty()) {
            boolean had = user.getStatus() != null && user.getStatus().accessKeyId() != null;
            if (had) {
                events.warning(
                        user,
                        "KeysReplaced",
                        "Secret " + Names.secret(user) + " was " + (present == null ? "deleted" : "changed")
                                + ", and the keys that were in it are gone: new ones are made");
            } else {
                events.normal(user, "KeysMade", "access keys are in Secret " + Names.secret(user));
            }
            return new KeySecret(
                    UserKeys.random(), rotation == null ? "" : rotation, now, Optional.empty(), Optional.empty());
        }
        KeySecret keys = read.get();
        if (rotation != null && !rotation.equals(keys.rotation())) {
            Duration grace = Durations.parse(user.getSpec().rotationGrace());
            events.normal(
                    user,
                    "KeysRotated",
                    "new access keys are in Secret " + Names.secret(user) + "; the former ones work for another "
                            + user.getSpec().rotationGrace());
            return grace.isZero()
                    ? new KeySecret(UserKeys.random(), rotation, now, Optional.empty(), Optional.empty())
                    : new KeySecret(
                            UserKeys.random(), rotation, now, Optional.of(keys.keys()), Optional.of(now.plus(grace)));
        }
        if (keys.formerUntil().filter(until -> !until.isAfter(clock.instant())).isPresent()) {
            events.normal(user, "FormerKeysEnded", "access key " + keys.former().orElseThrow() + " is removed");
            return new KeySecret(keys.keys(), keys.rotation(), keys.made(), Optional.empty(), Optional.empty());
        }
        return keys;
    }

    private StorageUserStatus status(StorageUser user, KeySecret keys) {
        boolean suspended = Boolean.TRUE.equals(user.getSpec().suspended());
        Conditions conditions = conditions(user)
                .set(
                        Moorage.READY,
                        !suspended,
                        suspended ? "Suspended" : "KeysInSecret",
                        suspended
                                ? "spec.suspended is true; the keys stay in Secret " + Names.secret(user)
                                : "access keys are in Secret " + Names.secret(user))
                .set(Moorage.PROGRESSING, false, "Idle", "nothing is being changed")
                .set(Moorage.DEGRADED, false, "AsAsked", ENFORCED);
        return builder(user)
                .accessKeyId(keys.keys().id())
                .secretRef(new Reference(Names.secret(user)))
                .rotation(keys.rotation().isEmpty() ? null : keys.rotation())
                .rotationTime(keys.made().toString())
                .formerAccessKeyId(keys.former().map(UserKeys::id).orElse(null))
                .formerExpirationTime(keys.formerUntil().map(Instant::toString).orElse(null))
                .conditions(conditions.list())
                .build();
    }

    private UpdateControl<StorageUser> refuse(StorageUser user, String reason, String message) {
        StorageUserStatus status = builder(user)
                .conditions(conditions(user)
                        .set(Moorage.READY, false, reason, message)
                        .set(Moorage.PROGRESSING, false, reason, message)
                        .list())
                .build();
        if (!status.equals(user.getStatus())) {
            events.warning(user, reason, message);
        }
        // Another's Secret that is deleted tells nobody.
        return write(user, status).rescheduleAfter(Duration.ofSeconds(15));
    }

    private Conditions conditions(StorageUser user) {
        return new Conditions(
                user.getStatus() == null ? null : user.getStatus().conditions(),
                user.getMetadata().getGeneration(),
                clock.instant());
    }

    private static StorageUserStatusBuilder builder(StorageUser user) {
        StorageUserStatusBuilder builder = user.getStatus() == null
                ? StorageUserStatusBuilder.builder()
                : StorageUserStatusBuilder.builder(user.getStatus());
        return builder.observedGeneration(user.getMetadata().getGeneration());
    }

    private static UpdateControl<StorageUser> write(StorageUser user, StorageUserStatus status) {
        if (status.equals(user.getStatus())) {
            return UpdateControl.noUpdate();
        }
        return UpdateControl.patchStatus(StatusPatch.of(user, new StorageUser(), status));
    }
}
