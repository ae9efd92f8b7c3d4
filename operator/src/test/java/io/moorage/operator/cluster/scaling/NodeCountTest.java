package io.moorage.operator.cluster.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.operator.cluster.Nodes;
import org.junit.jupiter.api.Test;

class NodeCountTest {
    @Test
    void growingHappensAtOnce() {
        NodeCount count = NodeCount.decide(Nodes.cluster(5), 3, Nodes.of(3).observation());
        assertThat(count.replicas()).isEqualTo(5);
        assertThat(count.leaving()).isEmpty();
        assertThat(count.refused()).isEmpty();
    }

    @Test
    void nodesThatHoldReplicasAreDrainedBeforeTheyGo() {
        NodeCount count = NodeCount.decide(
                Nodes.cluster(3), 5, Nodes.of(5).group(1, 0, 1, 3).observation());
        // The last one is empty and goes, and gets nothing meanwhile; the one before it has to be drained first.
        assertThat(count.replicas()).isEqualTo(4);
        assertThat(count.leaving()).containsExactlyInAnyOrder("main-node-3", "main-node-4");
    }

    @Test
    void emptyNodesGo() {
        NodeCount count = NodeCount.decide(
                Nodes.cluster(3), 5, Nodes.of(5).group(1, 0, 1, 2).observation());
        assertThat(count.replicas()).isEqualTo(3);
        assertThat(count.leaving()).containsExactlyInAnyOrder("main-node-3", "main-node-4");
    }

    @Test
    void nodeThatDoesNotAnswerStays() {
        NodeCount count = NodeCount.decide(
                Nodes.cluster(3), 4, Nodes.of(4).group(1, 0, 1, 2).silent(3).observation());
        assertThat(count.replicas()).isEqualTo(4);
        assertThat(count.leaving()).containsExactly("main-node-3");
    }

    @Test
    void nodeStaysWhileAGroupDoesNotTellItsMembers() {
        NodeCount count = NodeCount.decide(
                Nodes.cluster(3), 4, Nodes.of(4).group(1, 0, 1, 2).leaderless().observation());
        assertThat(count.replicas()).isEqualTo(4);
    }

    @Test
    void fewerNodesThanReplicasAreRefused() {
        NodeCount count = NodeCount.decide(
                Nodes.cluster(2), 3, Nodes.of(3).group(1, 0, 1, 2).observation());
        assertThat(count.replicas()).isEqualTo(3);
        assertThat(count.leaving()).isEmpty();
        assertThat(count.refused()).hasValueSatisfying(why -> assertThat(why).contains("at least 3 nodes"));
    }

    @Test
    void nodesStayWhenTheOthersHaveNoRoom() {
        NodeCount count = NodeCount.decide(
                Nodes.cluster(3),
                4,
                Nodes.of(4).group(1, 0, 1, 3).bytes(100, 1000).observation());
        assertThat(count.replicas()).isEqualTo(4);
        assertThat(count.leaving()).isEmpty();
        assertThat(count.refused()).hasValueSatisfying(why -> assertThat(why).contains("too little"));
    }
}
