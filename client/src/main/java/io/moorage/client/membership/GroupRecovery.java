package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a group whose majority is lost for good would go on: alone on the surviving replica with the longest log (as etcd's
 * --force-new-cluster, and TiKV's unsafe recovery), and what that gives up.
 *
 * @param group that has no majority
 * @param survivor id of the node that goes on
 * @param survivorAddress of its services
 * @param lost ids of members that do not answer and are given up
 * @param behind ids of members that answer and have a shorter log: what they have is set aside as well
 * @param lastLogTerm of the survivor's log
 * @param lastLogIndex of the survivor's log; what was acknowledged behind it is lost
 * @param commitIndex what the survivor knows to be committed; what is behind it in its log becomes so, acknowledged or not
 * @param missingExtents what the survivor has names this many extents that it has not: their files cannot be read
 * @param volumes how many there are in the group
 */
public record GroupRecovery(
        GroupId group,
        String survivor,
        String survivorAddress,
        List<String> lost,
        List<String> behind,
        long lastLogTerm,
        long lastLogIndex,
        long commitIndex,
        long missingExtents,
        long volumes) {

    /** All other members. */
    public List<String> excluded() {
        List<String> excluded = new ArrayList<>(lost);
        excluded.addAll(behind);
        return excluded;
    }

    /** What is given up, a sentence each. */
    public List<String> losses() {
        List<String> losses = new ArrayList<>();
        losses.add("whatever was acknowledged by " + lost + " and had not reached " + survivor
                + ", whose log ends at index " + lastLogIndex + " of term " + lastLogTerm + ", is lost");
        if (lastLogIndex > commitIndex) {
            losses.add("up to " + (lastLogIndex - commitIndex) + " log entries behind index " + commitIndex
                    + " take effect, though some may never have been acknowledged");
        }
        if (missingExtents > 0) {
            losses.add(missingExtents + " pieces of files are not on " + survivor
                    + ": these files cannot be read unless one of the lost disks comes back");
        }
        losses.add("the replicas on " + excluded() + " never count again, should they come back");
        return losses;
    }

    /** The groups that have members, no majority of which answers, whether or not their leader has noticed. */
    public static List<GroupId> without(List<NodeView> nodes) {
        GroupViews views = new GroupViews(nodes);
        return views.replicas().entrySet().stream()
                .filter(entry -> entry.getValue().values().stream().anyMatch(replica -> replica.getMembersCount() > 0)
                        && !hasMajority(newest(entry.getValue()).getMembersList(), entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * @param nodes every node of the cluster, also those that do not answer
     * @param lost names or ids of the nodes that are lost for good: all members that do not answer have to be among them
     * @throws MoorageException GROUP_NOT_FOUND; UNSAFE with the reason and what to do
     */
    public static GroupRecovery plan(List<NodeView> nodes, GroupId group, Set<String> lost) {
        GroupViews views = new GroupViews(nodes);
        if (views.successors().containsKey(group)) {
            throw unsafe(
                    group,
                    "it was recovered already, as group " + views.successors().get(group));
        }
        Map<String, ReplicaInfo> replicas = new TreeMap<>(views.replicas(group));
        replicas.values().removeIf(replica -> replica.getMembersCount() == 0);
        if (replicas.isEmpty()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_GROUP_NOT_FOUND,
                    "no storage node that answers has a replica of group " + group
                            + " that it can go on with: bring back the disk of one of its members");
        }
        ReplicaInfo leader = views.leaders().get(group);
        List<Member> members = newest(replicas).getMembersList();
        boolean majority = hasMajority(members, replicas);
        if (leader != null) {
            throw unsafe(
                    group,
                    leader.getLeaderNodeId() + " leads it"
                            + (majority
                                    ? ": nothing has to be given up; replace its members one by one"
                                    : " still, though no majority answers here: it notices within seconds if it is"
                                            + " alone; try again then"));
        }
        if (majority) {
            throw unsafe(
                    group,
                    "a majority of its members answers (" + replicas.keySet()
                            + "): they will elect a leader, and nothing has to be given up");
        }
        Set<String> silent = new TreeSet<>();
        members.stream()
                .map(Member::getNodeId)
                .filter(id -> !replicas.containsKey(id))
                .forEach(silent::add);
        List<String> unnamed = silent.stream()
                .filter(id -> !lost.contains(id) && !lost.contains(Members.nameOf(id)))
                .toList();
        if (!unnamed.isEmpty()) {
            throw unsafe(
                    group,
                    "its members " + unnamed + " do not answer, and are not among the lost ones " + lost
                            + ": bring them back, or name them as well if they are lost for good");
        }
        String survivor = replicas.entrySet().stream()
                .filter(entry -> isUsable(entry.getValue()))
                .max(Map.Entry.<String, ReplicaInfo>comparingByValue(
                                Comparator.comparingLong(ReplicaInfo::getLastLogTerm)
                                        .thenComparingLong(ReplicaInfo::getLastLogIndex)
                                        .thenComparingLong(replica -> -replica.getMissingExtents()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElseThrow(() -> unsafe(
                        group, "the replicas on " + replicas.keySet() + " have stopped: make one of them work first"));
        ReplicaInfo its = replicas.get(survivor);
        return new GroupRecovery(
                group,
                survivor,
                views.nodes().get(survivor).address(),
                List.copyOf(silent),
                members.stream()
                        .map(Member::getNodeId)
                        .filter(id -> replicas.containsKey(id) && !id.equals(survivor))
                        .sorted()
                        .toList(),
                its.getLastLogTerm(),
                its.getLastLogIndex(),
                its.getCommitIndex(),
                its.getMissingExtents(),
                its.getVolumes());
    }

    private static boolean isUsable(ReplicaInfo replica) {
        return replica.getState() == ReplicaState.REPLICA_STATE_READY
                || replica.getState() == ReplicaState.REPLICA_STATE_CATCHING_UP;
    }

    /** Who knows the newest term knows the members best. */
    private static ReplicaInfo newest(Map<String, ReplicaInfo> replicas) {
        return replicas.values().stream()
                .max(Comparator.comparingLong(ReplicaInfo::getLastLogTerm)
                        .thenComparingLong(ReplicaInfo::getLastLogIndex)
                        .thenComparingInt(ReplicaInfo::getMembersCount))
                .orElseThrow();
    }

    private static boolean hasMajority(List<Member> members, Map<String, ReplicaInfo> replicas) {
        long answering = members.stream()
                .filter(member -> {
                    ReplicaInfo replica = replicas.get(member.getNodeId());
                    return replica != null && isUsable(replica);
                })
                .count();
        return answering > members.size() / 2;
    }

    private static MoorageException unsafe(GroupId group, String why) {
        return new MoorageException(ErrorCode.ERROR_CODE_UNSAFE, "group " + group + " is not recovered: " + why);
    }
}
