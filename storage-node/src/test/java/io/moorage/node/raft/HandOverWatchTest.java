package io.moorage.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.junit.jupiter.api.Test;

class HandOverWatchTest {
    private static final UUID GROUP = new UUID(0, 1);

    private final AtomicLong now = new AtomicLong(1000);
    private final List<UUID> steppedDown = new ArrayList<>();
    private final HandOverWatch watch = new HandOverWatch(now::get, steppedDown::add);

    @Test
    void leaderThatRefusesForLongStepsDownAndHasTimeToDoSo() {
        watch.saw(GROUP, refusal());
        after(5);
        watch.saw(GROUP, refusal());
        assertThat(steppedDown).isEmpty();
        after(2);
        watch.saw(GROUP, refusal());
        watch.saw(GROUP, refusal());
        assertThat(steppedDown).containsExactly(GROUP);
        after(7);
        watch.saw(GROUP, refusal());
        assertThat(steppedDown).hasSize(2);
    }

    @Test
    void aHandOverThatEndsIsForgotten() {
        watch.saw(GROUP, refusal());
        after(5);
        watch.saw(GROUP, reply(null));
        after(5);
        watch.saw(GROUP, refusal());
        after(5);
        watch.saw(GROUP, refusal());
        assertThat(steppedDown).isEmpty();
    }

    private void after(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private static RaftClientReply refusal() {
        return reply(new LeaderSteppingDownException("it is stepping down"));
    }

    private static RaftClientReply reply(RaftException exception) {
        RaftClientReply.Builder builder = RaftClientReply.newBuilder()
                .setClientId(ClientId.randomId())
                .setServerId(RaftPeerId.valueOf("a"))
                .setGroupId(RaftGroupId.valueOf(GROUP))
                .setCallId(1);
        return exception == null
                ? builder.setSuccess().build()
                : builder.setException(exception).build();
    }
}
