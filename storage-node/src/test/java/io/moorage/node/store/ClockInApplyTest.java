package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.store.kv.MemoryKeyValueStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.VerifyState;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A replica that applies by its own clock, rather than by what the leader stamped, is found by comparing states. */
class ClockInApplyTest {
    private final MemoryKeyValueStore rightStore = new MemoryKeyValueStore();
    private final MemoryKeyValueStore wrongStore = new MemoryKeyValueStore();

    /** @param apply what the second replica makes of a batch before it applies it. @return how it says that it differs, or null */
    private String divergence(UnaryOperator<CommandBatch> apply) {
        Commands commands = new Commands(42);
        GroupStore right = new GroupStore(rightStore);
        GroupStore wrong = new GroupStore(wrongStore);
        Model model = new Model();
        CommandBatch create = commands.createVolumeBatch();
        right.apply(1, 0, create);
        wrong.apply(1, 0, apply.apply(create));
        for (int i = 1; i < 20; i++) {
            CommandBatch batch = commands.toProto(commands.batch(model));
            right.apply(1, i, batch);
            wrong.apply(1, i, apply.apply(batch));
        }
        CommandBatch verify = CommandBatch.newBuilder()
                .addCommands(Command.newBuilder()
                        .setVerifyState(VerifyState.newBuilder()
                                .setIndex(right.position().index())
                                .setHash(right.position().hash())))
                .build();
        assertThat(right.apply(1, 20, verify).divergence()).isNull();
        return wrong.apply(1, 20, verify).divergence();
    }

    @Test
    void replicasThatApplyTheSameAreTheSame() {
        assertThat(divergence(batch -> batch)).isNull();
        assertThat(GroupStoreProperties.dump(wrongStore)).isEqualTo(GroupStoreProperties.dump(rightStore));
    }

    @Test
    void replicaThatAppliesByItsOwnClockIsFound() {
        assertThat(divergence(batch -> batch.toBuilder()
                        .setTimestampMs(System.currentTimeMillis())
                        .build()))
                .contains("at the leader");
        assertThat(GroupStoreProperties.dump(wrongStore)).isNotEqualTo(GroupStoreProperties.dump(rightStore));
    }
}
