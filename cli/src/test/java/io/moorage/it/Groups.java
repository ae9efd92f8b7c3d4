package io.moorage.it;

import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.admin.NodeView;
import io.moorage.client.control.VolumeStatus;
import io.moorage.client.control.VolumeStatuses;
import io.moorage.client.membership.Members;
import io.moorage.client.membership.MembershipExecutor;
import io.moorage.client.membership.MembershipPlanner;
import io.moorage.client.membership.MembershipPolicy;
import io.moorage.client.membership.MembershipStep;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Groups, their members and volumes by the calls of the client, for tests without a control plane. */
final class Groups {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Goes on until it is closed. */
    interface Healing extends AutoCloseable {
        @Override
        void close();
    }

    private Groups() {}

    /** As many as there are nodes, of three members if there are three, led by another one each. @return their ids */
    static List<GroupId> make(MoorageClient client) {
        List<NodeView> nodes = await().atMost(LONG)
                .until(
                        () -> client.admin().describe(TIMEOUT),
                        views -> views.stream().allMatch(NodeView::reachable));
        List<GroupId> groups = new ArrayList<>();
        for (int first = 0; first < nodes.size(); first++) {
            GroupId group = new GroupId(UUID.randomUUID());
            List<NodeView> chosen = new ArrayList<>();
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < (nodes.size() >= 3 ? 3 : 1); i++) {
                NodeView node = nodes.get((first + i) % nodes.size());
                NodeInfo info = node.info().orElseThrow();
                chosen.add(node);
                members.add(Members.on(info, i == 0 ? 1 : 0));
            }
            chosen.forEach(node -> client.admin().createGroup(node.address(), group, members));
            groups.add(group);
        }
        createVolume(client, groups.get(0), VolumeRef.SYSTEM, Consistency.CONSISTENCY_STRONG);
        return groups;
    }

    static Volume createVolume(MoorageClient client, GroupId group, String name, Consistency consistency) {
        Command create = Command.newBuilder()
                .setCreateVolume(CreateVolume.newBuilder()
                        .setSpec(VolumeSpec.newBuilder().setName(name).setConsistency(consistency)))
                .build();
        return client.submit(group, create, CallOptions.DEFAULT.withDeadline(LONG))
                .getVolume();
    }

    /** Empty: none of the groups that answer has it. */
    static Optional<VolumeStatus> volume(MoorageClient client, String name) {
        List<NodeView> nodes = client.admin().describe(TIMEOUT);
        return nodes.stream()
                .flatMap(node -> node.replicas().stream())
                .map(replica -> GroupId.of(replica.getGroupId()))
                .distinct()
                .flatMap(group -> client.volumes(group, CallOptions.DEFAULT).stream()
                        .filter(volume -> volume.getSpec().getName().equals(name))
                        .map(volume -> VolumeStatuses.of(volume, group, 0, nodes)))
                .findFirst();
    }

    static VolumeRef ref(VolumeStatus status) {
        return new VolumeRef(
                status.volume().getSpec().getName(),
                status.group(),
                status.volume().getId(),
                status.volume().getSpec().getConsistency());
    }

    /** Looks after the members until it is closed, as the operator does. */
    static Healing heal(MoorageClient client) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        executor.scheduleWithFixedDelay(() -> round(client), 1, 1, TimeUnit.SECONDS);
        return executor::shutdownNow;
    }

    private static void round(MoorageClient client) {
        try {
            List<NodeView> nodes = client.admin().describe(TIMEOUT);
            int members = nodes.size() >= 3 ? 3 : 1;
            MembershipPolicy policy =
                    new MembershipPolicy(group -> members, Duration.ofMinutes(10), Set.of(), Set.of());
            MembershipExecutor executor = new MembershipExecutor(client.admin());
            for (MembershipStep step : new MembershipPlanner(policy, nodes, Map.of()).plan()) {
                if (!(step instanceof MembershipStep.Blocked)) {
                    executor.execute(step);
                }
            }
        } catch (MoorageException e) {
            // Next round: nodes that do not answer are what is tested.
        }
    }
}
