package io.moorage.node.raft;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.node.config.NodeConfigLoader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower's disk is slow, and its leader is replaced or its stream breaks meanwhile. What it answers to have appended it must have, and
 * have synced (Raft, §5.3), or what was committed with its vote can be lost.
 */
class FollowerAppendsTest {
    private static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.fromString("7c9e6679-7425-40de-944b-e07fc1f90ae7"));
    private static final String OLD = "old";
    private static final String NEW = "new";
    private static final TermIndex FIRST = TermIndex.valueOf(1, 0);

    @TempDir
    Path directory;

    private final SlowDisk disk = new SlowDisk();

    @Test
    void entryThatIsAcknowledgedIsInTheLog() throws Exception {
        try (RaftServer follower = started(settings())) {
            assertThat(acknowledgedToTheNewLeader(follower, FollowerAppends.guard(follower)))
                    .isEqualTo(TermIndex.valueOf(2, 1));
        }
    }

    @Test
    void ratisByDefaultAcknowledgesAnEntryThatItDrops() throws Exception {
        RaftProperties composing = settings();
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(composing, true);
        try (RaftServer follower = started(composing)) {
            assertThat(acknowledgedToTheNewLeader(follower, follower))
                    .as("if this alone fails, Ratis has mended it, and RaftSettings need not avoid it any more")
                    .isEqualTo(TermIndex.valueOf(1, 1));
        }
    }

    @Test
    void entryThatIsSentAgainIsAcknowledgedOnceItIsSynced() throws Exception {
        try (RaftServer follower = started(settings())) {
            RaftServer guarded = FollowerAppends.guard(follower);
            CompletableFuture<AppendEntriesReplyProto> first = append(guarded, OLD, 1, null, 0);
            await().until(disk::isAsked);
            CompletableFuture<AppendEntriesReplyProto> again = append(guarded, OLD, 1, null, 0);

            await().during(200, MILLISECONDS).until(() -> !first.isDone() && !again.isDone());
            disk.goesOn();
            assertThat(first.get(20, SECONDS).getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(again.get(20, SECONDS).getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(append(guarded, OLD, 1, FIRST, 1).get(20, SECONDS).getResult())
                    .isEqualTo(AppendResult.SUCCESS);
        }
    }

    @Test
    void ratisAcknowledgesAnEntryThatIsSentAgainBeforeItIsSynced() throws Exception {
        try (RaftServer follower = started(settings())) {
            CompletableFuture<AppendEntriesReplyProto> first = append(follower, OLD, 1, null, 0);
            await().until(disk::isAsked);
            assertThat(append(follower, OLD, 1, null, 0).get(20, SECONDS).getResult())
                    .as("if this alone fails, Ratis has mended it, and FollowerAppends need not wait any more")
                    .isEqualTo(AppendResult.SUCCESS);
            assertThat(first).isNotDone();
            disk.goesOn();
            first.get(20, SECONDS);
        }
    }

    @Test
    void entryThatReplacesOneIsAcknowledgedOnceItIsSynced() throws Exception {
        try (RaftServer follower = started(settings())) {
            CompletableFuture<AppendEntriesReplyProto> replacement =
                    replacedAndWritten(FollowerAppends.guard(follower));

            await().during(200, MILLISECONDS).until(() -> !replacement.isDone());
            disk.goesOn();
            assertThat(replacement.get(20, SECONDS).getResult()).isEqualTo(AppendResult.SUCCESS);
        }
    }

    @Test
    void ratisAcknowledgesAnEntryThatReplacesOneBeforeItIsSynced() throws Exception {
        try (RaftServer follower = started(settings())) {
            assertThat(replacedAndWritten(follower).get(20, SECONDS).getResult())
                    .as("if this alone fails, Ratis has mended it, and FollowerAppends need not look at what is synced")
                    .isEqualTo(AppendResult.SUCCESS);
            disk.goesOn();
        }
    }

    /** @return the answer to (2, 2), which replaces synced entries and waits for the disk, as (2, 3) is written with it */
    private CompletableFuture<AppendEntriesReplyProto> replacedAndWritten(RaftServer asked) throws Exception {
        disk.goesOn();
        append(asked, OLD, 1, null, 0).get(20, SECONDS);
        for (int index = 1; index < 6; index++) {
            append(asked, OLD, 1, TermIndex.valueOf(1, index - 1), index).get(20, SECONDS);
        }
        disk.becomesSlow();
        append(asked, OLD, 1, TermIndex.valueOf(1, 5), 6);
        await().until(disk::isAsked);
        CompletableFuture<AppendEntriesReplyProto> replacement = append(asked, NEW, 2, TermIndex.valueOf(1, 1), 2);
        append(asked, NEW, 2, TermIndex.valueOf(2, 2), 3);
        disk.syncsOnce();
        await().until(disk::isAsked);
        return replacement;
    }

    /** @return what the follower has where it told the new leader that it had appended (2, 1) */
    private TermIndex acknowledgedToTheNewLeader(RaftServer follower, RaftServer asked) throws Exception {
        CompletableFuture<AppendEntriesReplyProto> first = append(asked, OLD, 1, null, 0);
        await().until(disk::isAsked);
        append(asked, OLD, 1, FIRST, 1);
        CompletableFuture<AppendEntriesReplyProto> replacement = append(asked, NEW, 2, FIRST, 1);
        disk.goesOn();

        assertThat(first.get(20, SECONDS).getResult()).isEqualTo(AppendResult.SUCCESS);
        assertThat(replacement.get(20, SECONDS).getResult()).isEqualTo(AppendResult.SUCCESS);
        return follower.getDivision(GROUP).getRaftLog().getTermIndex(1);
    }

    private RaftServer started(RaftProperties properties) throws Exception {
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peer("follower").getId())
                .setGroup(RaftGroup.valueOf(GROUP, peer("follower"), peer(OLD), peer(NEW)))
                .setProperties(properties)
                .setStateMachineRegistry(group -> disk)
                .build();
        server.start();
        return server;
    }

    private RaftProperties settings() throws Exception {
        RaftProperties properties = RaftSettings.of(
                NodeConfigLoader.load(
                        null,
                        Map.of(
                                "MOORAGE_NODE_NAME", "follower",
                                "MOORAGE_STORAGE_DIRECTORY", directory.toString(),
                                "MOORAGE_RAFT_ELECTION_TIMEOUT", "60s")),
                directory.resolve("raft"),
                directory.resolve("removed"));
        GrpcConfigKeys.Server.setPort(properties, 0);
        return properties;
    }

    private static RaftPeer peer(String id) {
        return RaftPeer.newBuilder().setId(id).setAddress("127.0.0.1:1").build();
    }

    private static CompletableFuture<AppendEntriesReplyProto> append(
            RaftServer follower, String leader, long term, TermIndex previous, long index) throws Exception {
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(peer(leader).getId().toByteString())
                        .setReplyId(follower.getId().toByteString())
                        .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(GROUP.toByteString())))
                .setLeaderTerm(term)
                .setLeaderCommit(-1)
                .addAllEntries(List.of(LogEntryProto.newBuilder()
                        .setTerm(term)
                        .setIndex(index)
                        .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                                .setClientId(ClientId.randomId().toByteString()))
                        .build()));
        if (previous != null) {
            request.setPreviousLog(
                    TermIndexProto.newBuilder().setTerm(previous.getTerm()).setIndex(previous.getIndex()));
        }
        return follower.appendEntriesAsync(request.build());
    }

    /** The log's thread asks before each sync, and waits for the answer. */
    private static final class SlowDisk extends BaseStateMachine {
        private final Deque<CompletableFuture<Void>> syncs = new ArrayDeque<>();
        private boolean slow = true;

        @Override
        public DataApi data() {
            return new DataApi() {
                @Override
                public CompletableFuture<Void> flush(long index) {
                    return sync();
                }
            };
        }

        private synchronized CompletableFuture<Void> sync() {
            CompletableFuture<Void> sync = new CompletableFuture<>();
            if (slow) {
                syncs.add(sync);
            } else {
                sync.complete(null);
            }
            return sync;
        }

        private synchronized boolean isAsked() {
            return !syncs.isEmpty();
        }

        private synchronized void becomesSlow() {
            slow = true;
        }

        private synchronized void syncsOnce() {
            syncs.remove().complete(null);
        }

        private synchronized void goesOn() {
            slow = false;
            syncs.forEach(sync -> sync.complete(null));
            syncs.clear();
        }
    }
}
