package io.moorage.client.membership;

import io.moorage.client.admin.ClusterAdmin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries out steps by the cluster's own calls. */
public final class MembershipExecutor {
    private final ClusterAdmin admin;

    public MembershipExecutor(ClusterAdmin admin) {
        this.admin = admin;
    }

    /** @throws io.moorage.client.MoorageException if it did not work; the next plan starts from what is then */
    public void execute(MembershipStep step) {
        if (step instanceof MembershipStep.Prepare prepare) {
            admin.createGroup(prepare.nodeAddress(), prepare.group(), List.of());
        } else if (step instanceof MembershipStep.Reconfigure change) {
            admin.reconfigure(change.group(), change.expected(), change.members());
        } else if (step instanceof MembershipStep.Remove remove) {
            admin.removeGroup(remove.nodeAddress(), remove.group(), remove.members(), remove.ifEmpty());
        } else if (step instanceof MembershipStep.MoveLeader move) {
            admin.transferLeadership(move.group(), Optional.of(move.toNodeId()), Duration.ofSeconds(5));
        }
    }
}
