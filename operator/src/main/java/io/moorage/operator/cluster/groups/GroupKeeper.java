package io.moorage.operator.cluster.groups;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.membership.MembershipExecutor;
import io.moorage.client.membership.MembershipPlanner;
import io.moorage.client.membership.MembershipPolicy;
import io.moorage.client.membership.MembershipStep;
import io.moorage.client.membership.Rebalance;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.cluster.Observation;
import io.moorage.operator.events.EventRecorder;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.VolumeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Makes, heals and evens out the groups of a cluster: begins what is to be done next, and says what cannot be. */
public final class GroupKeeper {
    /** Replicas on their way at once: each is a copy of a group that is read from its other members. */
    private static final int MAX_MOVES = 2;

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RELIEF_INTERVAL = Duration.ofMinutes(10);

    private final GroupWork work;
    private final EventRecorder events;
    private final Patience patience = new Patience(System::nanoTime);
    private final Map<String, Long> relieved = new ConcurrentHashMap<>();

    public GroupKeeper(GroupWork work, EventRecorder events) {
        this.work = work;
        this.events = events;
    }

    /**
     * @param busy something is being changed, or will be soon
     * @param blocked what should be done and would not be safe, or is not possible
     */
    public record Outcome(boolean busy, List<String> blocked) {}

    /**
     * Begins what is to be done; returns at once.
     *
     * @param done called when something that was begun has ended
     */
    public Outcome keep(
            StorageCluster cluster,
            MoorageClient client,
            GroupPlan plan,
            MembershipPolicy policy,
            Observation observed,
            Runnable done) {
        List<String> blocked = new ArrayList<>();
        GroupFounder.Result founder = new GroupFounder(cluster, plan, observed, policy).decide();
        founder.waiting().ifPresent(blocked::add);
        boolean busy = false;
        for (GroupFounder.Founding founding : founder.foundings()) {
            busy |= found(cluster, client, founding, done);
        }
        busy |= makeSystemVolume(cluster, client, plan, observed, done);
        List<MembershipStep> steps = new MembershipPlanner(policy, observed.nodes(), observed.silentFor()).plan();
        boolean healing = false;
        for (MembershipStep step : steps) {
            if (step instanceof MembershipStep.Remove && !hasLasted(step)) {
                healing = true;
            } else if (step instanceof MembershipStep.Blocked) {
                blocked.add("group " + step.group() + ": " + step.reason());
            } else {
                healing = true;
                begin(cluster, client, step, done);
            }
        }
        Set<GroupId> changing = steps.stream().map(MembershipStep::group).collect(Collectors.toSet());
        for (MembershipStep step : new GroupRetirement(plan, observed).steps()) {
            if (!changing.contains(step.group())) {
                healing = true;
                begin(cluster, client, step, done);
            }
        }
        busy |= healing;
        if (!busy && founder.waiting().isEmpty() && steps.isEmpty() && observed.allReachable()) {
            Rebalance rebalance = new Rebalance(policy, observed.nodes());
            List<MembershipStep> moves = rebalance.plan(MAX_MOVES);
            if (moves.isEmpty()) {
                moves = rebalance.leaders().stream()
                        .filter(this::hasLasted)
                        .filter(step -> patience.isFirstTry(step.group()))
                        .toList();
            }
            if (moves.isEmpty() && reliefIsDue(cluster)) {
                moves = rebalance.relieve();
                if (!moves.isEmpty()) {
                    relieved.put(cluster.getMetadata().getUid(), System.nanoTime());
                }
            }
            for (MembershipStep step : moves) {
                busy = true;
                begin(cluster, client, step, done);
            }
        }
        boolean underWay = observed.replicas().keySet().stream()
                .anyMatch(group -> work.underWay(group).isPresent());
        return new Outcome(busy || underWay, blocked);
    }

    /** What a node is asked for has to settle before it is looked at again; so has it after a start of the operator. */
    private boolean reliefIsDue(StorageCluster cluster) {
        long now = System.nanoTime();
        return now - relieved.computeIfAbsent(cluster.getMetadata().getUid(), uid -> now) > RELIEF_INTERVAL.toNanos();
    }

    /** The cluster is gone. */
    public void forget(StorageCluster cluster) {
        relieved.remove(cluster.getMetadata().getUid());
    }

    private boolean hasLasted(MembershipStep step) {
        if (work.underWay(step.group()).isPresent()) {
            // A member that is being added has not the others' view of the members yet.
            patience.forget(step);
            return false;
        }
        return patience.hasLasted(step);
    }

    private boolean found(StorageCluster cluster, MoorageClient client, GroupFounder.Founding founding, Runnable done) {
        String what = "it is made on " + founding.addresses();
        boolean begun = work.begin(
                founding.group(),
                what,
                () -> founding.addresses()
                        .forEach(address -> client.admin().createGroup(address, founding.group(), founding.members())),
                done);
        if (begun) {
            events.normal(cluster, "GroupCreated", "group " + founding.group() + ": " + what);
        }
        return true;
    }

    /** In the first group, as soon as that has a leader. */
    private boolean makeSystemVolume(
            StorageCluster cluster, MoorageClient client, GroupPlan plan, Observation observed, Runnable done) {
        boolean there = observed.replicas().values().stream()
                .anyMatch(replicas -> replicas.values().stream().anyMatch(ReplicaInfo::getSystem));
        // One that is not seen may be in a group that does not answer.
        boolean remembered = cluster.getStatus() != null
                && cluster.getStatus().groups().stream().anyMatch(group -> Boolean.TRUE.equals(group.system()));
        Optional<GroupId> first = plan.wanted().stream().map(Wanted::id).findFirst();
        if (there || remembered || first.isEmpty() || !observed.leaders().containsKey(first.get())) {
            return false;
        }
        work.begin(
                first.get(),
                "the cluster's own volume is made in it",
                () -> createSystemVolume(client, first.get()),
                done);
        return true;
    }

    private static void createSystemVolume(MoorageClient client, GroupId group) {
        Command create = Command.newBuilder()
                .setCreateVolume(CreateVolume.newBuilder()
                        .setSpec(VolumeSpec.newBuilder()
                                .setName(VolumeRef.SYSTEM)
                                .setConsistency(Consistency.CONSISTENCY_STRONG)))
                .build();
        try {
            client.submit(group, create, CallOptions.DEFAULT.withDeadline(CALL_TIMEOUT));
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private void begin(StorageCluster cluster, MoorageClient client, MembershipStep step, Runnable done) {
        MembershipExecutor executor = new MembershipExecutor(client.admin());
        String what = step.what() + ", because " + step.reason();
        // Others must not wait for a member that joins.
        boolean slow = step instanceof MembershipStep.Reconfigure change && change.adds();
        boolean begun = slow
                ? work.beginSlow(step.group(), what, () -> executor.execute(step), done)
                : work.begin(step.group(), what, () -> executor.execute(step), done);
        if (begun) {
            events.normal(cluster, step.getClass().getSimpleName(), "group " + step.group() + ": " + what);
        }
    }
}
