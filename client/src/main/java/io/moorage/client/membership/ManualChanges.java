package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The steps of one change of a group's members that somebody asked for by hand, in the order that is safe: whoever joins is
 * empty and copies the group before it counts, whoever leaves hands leadership over first, and a healthy majority stays. A change
 * that is not safe is refused with the reason and what to do. Pure.
 */
public final class ManualChanges {
    /** A member this far behind counts as healthy still. */
    private static final long MAX_LAG = 10_000;

    private static final String WHY = "it was asked for by hand";

    private final GroupViews views;
    private final GroupId group;
    private final ReplicaInfo leader;
    private final Map<String, ReplicaInfo> replicas;

    /** @throws MoorageException UNAVAILABLE: the group has no leader, who alone changes members */
    public ManualChanges(List<NodeView> nodes, GroupId group) {
        this.views = new GroupViews(nodes);
        this.group = group;
        this.replicas = views.replicas(group);
        this.leader = Optional.ofNullable(views.leaders().get(group))
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                        "group " + group + " has no leader among the nodes that answer, and nothing can be changed:"
                                + " start the nodes of its members " + replicas.keySet()
                                + "; if a majority is lost for good, see `recover`"));
    }

    /**
     * @param node name or id
     * @param force also while members have not everything, or one of them is down: a majority of the new members must be well
     */
    public List<MembershipStep> add(String node, boolean force) {
        NodeView view = views.nodes().values().stream()
                .filter(each -> isMeant(node, each.info().orElseThrow().getId()))
                .findFirst()
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_NOT_FOUND,
                        "there is no node '" + node + "' among those that answer: "
                                + views.nodes().keySet()));
        NodeInfo info = view.info().orElseThrow();
        Optional<String> sameName = Members.ids(leader).stream()
                .filter(id -> Members.nameOf(id).equals(info.getName()))
                .findFirst();
        if (sameName.isPresent()) {
            throw sameName.get().equals(info.getId())
                    ? new MoorageException(ErrorCode.ERROR_CODE_ALREADY_EXISTS, info.getId() + " is a member already")
                    : unsafe(sameName.get() + ", which had this node's name and address before it lost its disk, is a"
                            + " member still: remove that one first, by its id");
        }
        if (views.isFull(info.getId())) {
            throw unsafe("the disk of " + node + " is full: make room there, or choose another node");
        }
        List<String> unwell =
                Members.ids(leader).stream().filter(id -> !isWhole(id)).toList();
        if (!unwell.isEmpty() && !force) {
            throw unsafe("its members " + unwell + " are down, or have not everything yet: wait, or remove one that is"
                    + " down; --force adds another one nevertheless, if a majority keeps up");
        }
        long following = Members.ids(leader).stream().filter(this::isFollowing).count();
        if (following + 1 <= (leader.getMembersCount() + 1) / 2) {
            throw unsafe("only " + following + " of its " + leader.getMembersCount() + " members keep up, and with "
                    + (leader.getMembersCount() + 1) + " members that is no majority: bring the others back first");
        }
        List<MembershipStep> steps = new ArrayList<>();
        ReplicaInfo present = replicas.get(info.getId());
        boolean waits = present != null && present.getState() == ReplicaState.REPLICA_STATE_JOINING;
        if (present != null && !waits && present.getState() != ReplicaState.REPLICA_STATE_DAMAGED) {
            steps.add(new MembershipStep.Remove(group, view.address(), leader.getMembersList(), false, WHY));
        }
        if (!waits) {
            steps.add(new MembershipStep.Prepare(group, view.address(), WHY));
        }
        List<Member> members = new ArrayList<>(leader.getMembersList());
        members.add(Members.on(info, 0));
        steps.add(new MembershipStep.Reconfigure(group, Members.ids(leader), members, WHY));
        return steps;
    }

    /** @param node name or id of a member, which need not answer */
    public List<MembershipStep> remove(String node) {
        String id = member(node);
        if (leader.getMembersCount() == 1) {
            throw unsafe(id + " is its only member, and has the only copy: add another one first");
        }
        List<String> others =
                Members.ids(leader).stream().filter(other -> !other.equals(id)).toList();
        List<String> unwell = others.stream().filter(other -> !isWhole(other)).toList();
        long whole = others.size() - unwell.size();
        // One that is well itself takes part in the decision that it goes.
        boolean safe = whole > leader.getMembersCount() / 2 || unwell.isEmpty() && isWhole(id);
        if (!safe) {
            throw unsafe("without " + id + " only " + whole + " of " + others.size()
                    + " members would have everything, because " + unwell
                    + " are down or have not yet: bring them back, or wait");
        }
        List<MembershipStep> steps = new ArrayList<>();
        if (leader.getLeaderNodeId().equals(id)) {
            steps.add(new MembershipStep.MoveLeader(
                    group, others.stream().filter(this::isWhole).findFirst().orElseThrow(), WHY));
        }
        List<Member> rest = leader.getMembersList().stream()
                .filter(member -> !member.getNodeId().equals(id))
                .toList();
        steps.add(new MembershipStep.Reconfigure(group, Members.ids(leader), rest, WHY));
        return steps;
    }

    /** @param node name or id of a member; nothing is to be done if it leads already */
    public List<MembershipStep> transfer(String node) {
        String id = member(node);
        if (leader.getLeaderNodeId().equals(id)) {
            return List.of();
        }
        if (!isFollowing(id)) {
            throw unsafe(id + " is down or too far behind to lead: bring it back first, or wait");
        }
        return List.of(new MembershipStep.MoveLeader(group, id, WHY));
    }

    private String member(String node) {
        List<String> found =
                Members.ids(leader).stream().filter(id -> isMeant(node, id)).toList();
        if (found.isEmpty()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_NOT_FOUND,
                    "'" + node + "' is no member of group " + group + "; its members are "
                            + Members.ids(leader).stream().sorted().collect(Collectors.joining(", ")));
        }
        return found.get(0);
    }

    private static boolean isMeant(String node, String id) {
        return id.equals(node) || Members.nameOf(id).equals(node);
    }

    private boolean isWhole(String id) {
        return isFollowing(id)
                && replicas.get(id).getState() == ReplicaState.REPLICA_STATE_READY
                && replicas.get(id).getMissingExtents() == 0;
    }

    /** Its log and state are up to date; extents may be missing. */
    private boolean isFollowing(String id) {
        ReplicaInfo replica = replicas.get(id);
        return replica != null
                && (replica.getState() == ReplicaState.REPLICA_STATE_READY
                        || replica.getState() == ReplicaState.REPLICA_STATE_CATCHING_UP)
                && leader.getCommitIndex() - replica.getAppliedIndex() <= MAX_LAG;
    }

    private MoorageException unsafe(String why) {
        return new MoorageException(ErrorCode.ERROR_CODE_UNSAFE, "group " + group + ": " + why);
    }
}
