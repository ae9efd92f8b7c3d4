package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes objects in Kubernetes what they should be, by server-side apply as the controller's field manager. What is so already is
 * not written; fields of ours that differ are put back; fields of others are left alone. One for all clusters. Thread-safe.
 *
 * <p>Objects are looked up in the caches of the reconciler's event sources. A type without one costs a request each time. Claims
 * have no owner, so that an event source for them goes by the labels of {@link io.moorage.operator.naming.Names#selector}.
 */
public final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    private final AppliedStates states = new AppliedStates();
    private final Set<Class<? extends HasMetadata>> watched;

    /** @param watched types of which the reconciler's caches hold whatever belongs to a cluster */
    public Applier(Set<Class<? extends HasMetadata>> watched) {
        this.watched = Set.copyOf(watched);
    }

    /**
     * Applies one object.
     *
     * @param desired as the builders of this package make it: with its controller as owner
     * @throws RefusedException it cannot be, and why
     * @throws io.fabric8.kubernetes.client.KubernetesClientException Kubernetes cannot do it now
     */
    public Outcome apply(HasMetadata desired, Context<?> context) {
        return apply(DesiredState.of(desired), context);
    }

    /** As {@link #apply(HasMetadata, Context)}, for a state that was named before. */
    public Outcome apply(DesiredState state, Context<?> context) {
        HasMetadata desired = state.object();
        Optional<HasMetadata> found = new Lookup(context).get(desired);
        if (found.isEmpty()) {
            return create(state, context);
        }
        HasMetadata actual = found.get();
        Optional<Outcome> obstacle = obstacle(actual, desired);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        boolean grown = desired instanceof StatefulSet set && grow((StatefulSet) actual, set, context);
        String name = state.name();
        if (states.holds(actual, name)) {
            return Outcome.of(grown ? Outcome.Kind.CHANGED : Outcome.Kind.UNCHANGED);
        }
        if (matches(actual, desired, context)) {
            states.remember(actual, name);
            return Outcome.of(grown ? Outcome.Kind.CHANGED : Outcome.Kind.UNCHANGED);
        }
        return change(actual, desired, name, context);
    }

    /** Removes an object if there is one and it is the cluster's. @param unwanted with its controller as owner */
    public Outcome remove(HasMetadata unwanted, Context<?> context) {
        Lookup lookup = new Lookup(context);
        // Only what belongs to the cluster is removed, and of that the caches of watched types know.
        Optional<HasMetadata> found = (watched.contains(unwanted.getClass())
                        ? lookup.cachedLike(unwanted)
                        : lookup.get(unwanted))
                .filter(actual -> Ownership.same(actual, unwanted))
                .filter(actual -> actual.getMetadata().getDeletionTimestamp() == null);
        found.ifPresent(actual -> context.getClient().resource(actual).delete());
        return Outcome.of(found.isPresent() ? Outcome.Kind.REMOVED : Outcome.Kind.UNCHANGED);
    }

    private Outcome create(DesiredState state, Context<?> context) {
        HasMetadata desired = state.object();
        if (desired instanceof StatefulSet set) {
            // Claims of a former StatefulSet may have been kept, and may be smaller.
            Claims.grow(context.getClient(), Lookup.liveClaims(context.getClient(), set), set);
        }
        LOG.info("{} is made", ServerSideApply.name(desired));
        HasMetadata applied = write(desired, context);
        states.remember(applied, state.name());
        return Outcome.of(Outcome.Kind.CREATED);
    }

    private Outcome change(HasMetadata actual, HasMetadata desired, String name, Context<?> context) {
        KubernetesClient client = context.getClient();
        if (desired instanceof StatefulSet set
                && StatefulSetChange.of((StatefulSet) actual, set) == StatefulSetChange.REPLACE) {
            return replace(set, client);
        }
        if (desired instanceof Deployment deployment) {
            Replicas.handOver(client, (Deployment) actual, deployment, fieldManager(context));
        }
        HasMetadata applied = write(desired, context);
        states.remember(applied, name);
        boolean same = applied.getMetadata()
                .getResourceVersion()
                .equals(actual.getMetadata().getResourceVersion());
        if (!same) {
            LOG.info("{} is changed", ServerSideApply.name(desired));
        }
        return Outcome.of(same ? Outcome.Kind.UNCHANGED : Outcome.Kind.CHANGED);
    }

    /** Why the object must not be touched now. */
    private static Optional<Outcome> obstacle(HasMetadata actual, HasMetadata desired) {
        String name = ServerSideApply.name(desired);
        if (actual.getMetadata().getDeletionTimestamp() != null) {
            return Optional.of(Outcome.waiting(name + " is being deleted; it is made again after that"));
        }
        if (Ownership.same(actual, desired) || Ownership.orphan(actual, desired)) {
            return Optional.empty();
        }
        if (Ownership.former(actual, desired)) {
            return Optional.of(
                    Outcome.waiting(name + " belongs to a deleted StorageCluster of the same name, and goes"));
        }
        throw new RefusedException(
                "NameTaken",
                name + " is there already and does not belong to this StorageCluster; rename it, delete it, or give the"
                        + " StorageCluster another name");
    }

    private static boolean grow(StatefulSet actual, StatefulSet desired, Context<?> context) {
        // First of all whether it may be done: claims never grow for a StatefulSet that is then refused.
        StatefulSetChange.of(actual, desired);
        return Claims.grow(context.getClient(), new Lookup(context).claims(desired), desired);
    }

    /** What is taken away is looked at as it is, not as it was. */
    private static Outcome replace(StatefulSet desired, KubernetesClient client) {
        Optional<HasMetadata> actual = Lookup.live(client, desired);
        if (actual.isEmpty() || actual.get().getMetadata().getDeletionTimestamp() != null) {
            return Outcome.waiting(ServerSideApply.name(desired) + " is made anew");
        }
        StatefulSet set = (StatefulSet) actual.get();
        if (StatefulSetChange.of(set, desired) != StatefulSetChange.REPLACE) {
            return Outcome.waiting(ServerSideApply.name(desired) + " has been made anew");
        }
        return StatefulSetReplacement.step(client, set, Lookup.liveClaims(client, desired));
    }

    private static boolean matches(HasMetadata actual, HasMetadata desired, Context<?> context) {
        try {
            return SSABasedGenericKubernetesResourceMatcher.<HasMetadata>getInstance()
                    .matches(actual, desired, context);
        } catch (IllegalStateException | OperatorException e) {
            // The list of managed fields is not as it expects. To apply is always right, and changes nothing if nothing
            // differs.
            LOG.debug("{} cannot be compared", ServerSideApply.name(desired), e);
            return false;
        }
    }

    private static HasMetadata write(HasMetadata desired, Context<?> context) {
        return ServerSideApply.apply(context.getClient(), desired, fieldManager(context));
    }

    private static String fieldManager(Context<?> context) {
        return context.getControllerConfiguration().fieldManager();
    }
}
