package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.moorage.client.MoorageClient;
import io.moorage.client.membership.MembershipPolicy;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.MaintenanceMode;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.operator.cluster.groups.GroupKeeper;
import io.moorage.operator.cluster.groups.GroupPlan;
import io.moorage.operator.cluster.groups.GroupWork;
import io.moorage.operator.cluster.resources.Applier;
import io.moorage.operator.cluster.resources.DesiredState;
import io.moorage.operator.cluster.resources.DesiredStates;
import io.moorage.operator.cluster.resources.Outcome;
import io.moorage.operator.cluster.resources.RefusedException;
import io.moorage.operator.cluster.resources.ResourceInputs;
import io.moorage.operator.cluster.rollout.Rollout;
import io.moorage.operator.cluster.scaling.NodeAutoscaler;
import io.moorage.operator.cluster.scaling.NodeCount;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.naming.Successors;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.status.StatusPatch;
import io.moorage.operator.text.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a storage cluster what its resource says. Every round looks at Kubernetes and at the storage nodes, does what is next
 * everywhere, and tells what it saw; nothing but the resource's status is remembered between rounds.
 */
@ControllerConfiguration(name = "storagecluster", finalizerName = "moorage.io/storagecluster")
public final class StorageClusterReconciler implements Reconciler<StorageCluster>, Cleaner<StorageCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(StorageClusterReconciler.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration CALM = Duration.ofSeconds(10);

    /** What the operator knows of where it runs. */
    public record Surroundings(String image, Optional<String> namespace, boolean serviceMonitors) {}

    private final Surroundings surroundings;
    private final Consumer<StorageCluster> forget;
    private final EventRecorder events;
    private final GroupWork work;
    private final GroupKeeper keeper;
    private final Scrubs scrubs;
    private final Observer observer;
    private final Informers informers;
    private final Applier applier;
    private final DesiredStates desired = new DesiredStates();
    private final ClusterNews news;
    private final InstantSource clock;
    private final SimpleInboundEventSource<StorageCluster> ended = new SimpleInboundEventSource<>("group-work");

    /** @param forget told of clusters that are gone */
    public StorageClusterReconciler(
            Surroundings surroundings,
            KubernetesClient kubernetes,
            Clusters clusters,
            Consumer<StorageCluster> forget,
            EventRecorder events,
            GroupWork work,
            InstantSource clock) {
        this.surroundings = surroundings;
        this.forget = forget;
        this.events = events;
        this.work = work;
        this.keeper = new GroupKeeper(work, events);
        this.scrubs = new Scrubs(events);
        this.observer = new Observer(clusters, kubernetes);
        this.informers = new Informers();
        this.applier = new Applier(Set.copyOf(Informers.OWNED));
        this.news = new ClusterNews(events);
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, StorageCluster>> prepareEventSources(EventSourceContext<StorageCluster> context) {
        List<EventSource<?, StorageCluster>> all = new ArrayList<>(informers.prepare(context));
        all.add(ended);
        return all;
    }

    @Override
    public UpdateControl<StorageCluster> reconcile(StorageCluster cluster, Context<StorageCluster> context) {
        Instant now = clock.instant();
        boolean paused = cluster.getSpec().paused() || Resources.paused(cluster);
        Map<Boolean, List<Pod>> areNodes = informers.of(cluster, Pod.class).stream()
                .collect(Collectors.partitioningBy(
                        pod -> Names.ordinal(cluster, pod.getMetadata().getName()) >= 0));
        List<Pod> pods = areNodes.get(true);
        int present = informers.of(cluster, StatefulSet.class).stream()
                .mapToInt(set -> set.getSpec().getReplicas())
                .max()
                .orElse(0);
        Observation observed = observer.observe(cluster, present, pods, now);
        NodeCount count = NodeCount.decide(cluster, present, observed);
        Round round = new Round(cluster, observed, pods, areNodes.get(false), count, now);
        scrubs.tell(cluster, observed.nodes());
        if (!paused) {
            act(round, context);
        }
        StorageClusterStatus status = round.status(paused);
        if (!paused) {
            status = autoscale(round, status, context.getClient());
        }
        Duration next = round.busy || present == 0 ? SOON : CALM;
        if (status.equals(cluster.getStatus())) {
            return UpdateControl.<StorageCluster>noUpdate().rescheduleAfter(next);
        }
        news.tell(cluster, status);
        return UpdateControl.patchStatus(StatusPatch.of(cluster, new StorageCluster(), status))
                .rescheduleAfter(next);
    }

    private StorageClusterStatus autoscale(Round round, StorageClusterStatus status, KubernetesClient kubernetes) {
        boolean settled = !round.busy && round.flaws.isEmpty() && round.problems.isEmpty();
        Optional<NodeAutoscaler> change = NodeAutoscaler.decide(round.cluster, status, settled, round.now);
        if (change.isEmpty()) {
            return status;
        }
        int before = round.cluster.getSpec().nodes();
        // When, in the same write: one that is done and not written down would be done again before the cool-down is
        // over.
        String time = round.now.truncatedTo(ChronoUnit.SECONDS).toString();
        String patch = String.format(
                "{\"metadata\":{\"resourceVersion\":\"%s\",\"annotations\":{\"%s\":\"%s\"}},\"spec\":{\"nodes\":%d}}",
                round.cluster.getMetadata().getResourceVersion(),
                Names.SCALED,
                time,
                change.get().nodes());
        kubernetes.resource(round.cluster).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        events.normal(
                round.cluster,
                "Autoscaled",
                "spec.nodes goes from " + before + " to " + change.get().nodes() + ", because "
                        + change.get().reason());
        round.busy = true;
        return StorageClusterStatusBuilder.builder(status).lastScaleTime(time).build();
    }

    private void act(Round round, Context<StorageCluster> context) {
        applyResources(round, context);
        Scrubs.flaw(round.cluster, round.now).ifPresent(why -> {
            round.problems.add(new Problem("InvalidSchedule", why));
            events.warning(round.cluster, "InvalidSchedule", why);
        });
        round.count.refused().ifPresent(why -> {
            round.problems.add(new Problem("ScaleDownRefused", why));
            events.warning(round.cluster, "ScaleDownRefused", why);
        });
        if (round.observed.nodes().isEmpty()) {
            round.busy = true;
            return;
        }
        MoorageClient client =
                observer.client(round.cluster, round.observed.nodes().size(), round.pods);
        scrubs.start(round.cluster, client.admin(), round.observed.nodes(), round.now);
        ResourceID id = ResourceID.fromResource(round.cluster);
        GroupKeeper.Outcome outcome = keeper.keep(
                round.cluster, client, round.plan, policy(round), round.observed, () -> ended.propagateEvent(id));
        round.busy |= outcome.busy();
        for (String blocked : outcome.blocked()) {
            round.problems.add(new Problem("GroupsBlocked", blocked));
            events.warning(round.cluster, "GroupsBlocked", blocked);
        }
        rollOut(round, context.getClient());
    }

    private void applyResources(Round round, Context<StorageCluster> context) {
        ResourceInputs inputs = new ResourceInputs(
                surroundings.image(),
                round.count.replicas(),
                surroundings.namespace(),
                surroundings.serviceMonitors(),
                informers.of(round.cluster, StorageUser.class).stream()
                        .map(Names::secret)
                        .toList());
        DesiredStates.States states;
        try {
            states = desired.of(round.cluster, inputs);
        } catch (RefusedException e) {
            refused(round, e);
            return;
        }
        for (DesiredState state : states.wanted()) {
            try {
                Outcome outcome = applier.apply(state, context);
                if (outcome.kind() == Outcome.Kind.CREATED || outcome.kind() == Outcome.Kind.CHANGED) {
                    round.busy = true;
                    events.normal(
                            round.cluster,
                            outcome.kind() == Outcome.Kind.CREATED ? "Created" : "Changed",
                            state.object().getKind() + " "
                                    + state.object().getMetadata().getName());
                } else if (outcome.kind() == Outcome.Kind.WAITING) {
                    round.busy = true;
                    round.waiting.add(outcome.message());
                }
            } catch (RefusedException e) {
                refused(round, e);
            }
        }
        states.unwanted().forEach(unwanted -> applier.remove(unwanted, context));
    }

    private void refused(Round round, RefusedException e) {
        round.problems.add(new Problem(e.reason(), e.getMessage()));
        events.warning(round.cluster, e.reason(), e.getMessage());
    }

    private static MembershipPolicy policy(Round round) {
        Set<String> cordoned = new HashSet<>(round.count.leaving());
        Set<String> draining = new HashSet<>(round.count.leaving());
        round.cluster.getSpec().maintenance().forEach(each -> {
            cordoned.add(each.node());
            if (each.mode() == MaintenanceMode.DRAIN) {
                draining.add(each.node());
            }
        });
        var leaders = round.observed.leaders();
        return new MembershipPolicy(
                group -> round.plan.replicas(
                        group, leaders.containsKey(group) ? leaders.get(group).getMembersCount() : 1),
                Durations.parse(round.cluster.getSpec().selfHealing().replaceAfter()),
                cordoned,
                draining);
    }

    private void rollOut(Round round, KubernetesClient kubernetes) {
        Optional<StatefulSet> nodes =
                informers.of(round.cluster, StatefulSet.class).stream().findFirst();
        if (nodes.isEmpty()) {
            return;
        }
        Set<String> answering = round.observed.nodes().stream()
                .flatMap(node -> node.info().stream())
                .map(info -> info.getName())
                .collect(Collectors.toSet());
        round.rollout = Optional.of(Rollout.decide(
                round.cluster,
                nodes.get(),
                round.pods,
                new Rollout.Health(
                        answering,
                        round.observed.leaderless(),
                        round.flaws.stream().findFirst()),
                round.now));
        round.busy |= round.rollout.get().status().isPresent();
        round.rollout.get().restart().ifPresent(pod -> {
            String name = pod.getMetadata().getName();
            LOG.info(
                    "{}: {} restarts with the new template",
                    round.cluster.getMetadata().getName(),
                    name);
            events.normal(round.cluster, "NodeRestarts", "storage node " + name + " restarts with the new template");
            kubernetes
                    .pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(name)
                    .delete();
        });
        round.rollout.get().stuck().ifPresent(why -> events.warning(round.cluster, "UpdateStuck", why));
    }

    @Override
    public DeleteControl cleanup(StorageCluster cluster, Context<StorageCluster> context) {
        List<String> volumes = informers.of(cluster, Volume.class).stream()
                .map(volume -> volume.getMetadata().getName())
                .sorted()
                .toList();
        if (!volumes.isEmpty()) {
            String why = "it is deleted when its volumes are: " + volumes;
            events.warning(cluster, "VolumesRemain", why);
            holdBack(cluster, why, context);
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(CALM);
        }
        keeper.forget(cluster);
        desired.forget(cluster);
        forget.accept(cluster);
        return DeleteControl.defaultDelete();
    }

    /** What is deleted gets no status by its reconcile any more. */
    private void holdBack(StorageCluster cluster, String why, Context<StorageCluster> context) {
        StorageClusterStatus before = cluster.getStatus();
        List<Condition> conditions = new Conditions(
                        before == null ? null : before.conditions(),
                        cluster.getMetadata().getGeneration(),
                        clock.instant())
                .set(Moorage.PROGRESSING, true, "VolumesRemain", why)
                .list();
        if (before == null || !conditions.equals(before.conditions())) {
            context.getClient().resource(cluster).editStatus(present -> {
                present.setStatus(ClusterConditions.with(present.getStatus(), conditions));
                return present;
            });
        }
    }

    /** Something that is not as the spec asks for, and why. */
    record Problem(String reason, String message) {}

    /** One look at one cluster, and what came of it. */
    final class Round {
        final StorageCluster cluster;
        final Observation observed;
        /** Of storage nodes. */
        final List<Pod> pods;

        final List<Pod> apiPods;
        final List<PersistentVolumeClaim> claims;
        final NodeCount count;
        final Instant now;
        final GroupPlan plan;
        /** What is not whole, group by group. */
        final List<String> flaws;

        final List<Problem> problems = new ArrayList<>();
        final List<String> waiting = new ArrayList<>();
        Optional<Rollout> rollout = Optional.empty();
        boolean busy;

        Round(
                StorageCluster cluster,
                Observation observed,
                List<Pod> pods,
                List<Pod> apiPods,
                NodeCount count,
                Instant now) {
            this.cluster = cluster;
            this.observed = observed;
            this.pods = pods;
            this.apiPods = apiPods;
            this.claims = informers.of(cluster, PersistentVolumeClaim.class);
            this.count = count;
            this.now = now;
            this.plan = GroupPlan.of(
                    cluster, informers.of(cluster, Volume.class), Successors.of(cluster, observed.successors()));
            this.flaws = ClusterConditions.flaws(cluster, observed, plan);
        }

        StorageClusterStatus status(boolean paused) {
            Optional<Deployment> api =
                    informers.of(cluster, Deployment.class).stream().findFirst();
            return ClusterConditions.status(
                    this, work, informers.of(cluster, Volume.class).size(), api, paused);
        }
    }
}
