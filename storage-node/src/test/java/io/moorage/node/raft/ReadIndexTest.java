package io.moorage.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.junit.jupiter.api.Test;

/** Who has to agree before a leader answers, and that nobody is answered by a round that began before he asked. */
class ReadIndexTest {
    private static final long TERM = 7;

    private final Map<String, List<CompletableFuture<OptionalLong>>> asked = new HashMap<>();
    private Collection<RaftPeer> members = peers("a", "b", "c");
    private Collection<RaftPeer> former = List.of();
    private boolean leads = true;
    private boolean ready = true;
    private long committed = 100;

    private final ReadIndex readIndex = new ReadIndex(
            RaftPeerId.valueOf("a"),
            this::division,
            ByteString.EMPTY,
            new PeerTerms(null) {
                @Override
                CompletableFuture<OptionalLong> ask(RaftPeer member, ByteString group) {
                    CompletableFuture<OptionalLong> answer = new CompletableFuture<>();
                    asked.computeIfAbsent(member.getId().toString(), id -> new ArrayList<>())
                            .add(answer);
                    return answer;
                }
            },
            Runnable::run);

    @Test
    void majorityInItsTermIsEnough() {
        CompletableFuture<Long> index = readIndex.get();
        assertThat(index).isNotDone();
        answer("b", TERM);
        assertThat(index).isCompletedWithValue(100L);
    }

    @Test
    void memberThatHasVotedForAnotherLeaderDoesNotCount() {
        CompletableFuture<Long> index = readIndex.get();
        answer("b", TERM + 1);
        assertThat(index).isNotDone();
        silence("c");
        assertThat(index).isCompletedExceptionally();
    }

    @Test
    void whoIsBehindInTermsDoesNotCountEither() {
        CompletableFuture<Long> index = readIndex.get();
        answer("b", TERM - 1);
        silence("c");
        assertThat(index).isCompletedExceptionally();
    }

    @Test
    void whoDoesNotLeadOrHasOnlyBegunAsksNobody() {
        leads = false;
        assertThat(readIndex.get()).isCompletedExceptionally();
        leads = true;
        ready = false;
        assertThat(readIndex.get()).isCompletedExceptionally();
        assertThat(asked).isEmpty();
    }

    @Test
    void onlyMemberNeedsNobody() {
        members = peers("a");
        assertThat(readIndex.get()).isCompletedWithValue(100L);
    }

    @Test
    void whileMembersChangeBothMajoritiesAreNeeded() {
        members = peers("a", "d", "e");
        former = peers("a", "b", "c");
        CompletableFuture<Long> index = readIndex.get();
        answer("d", TERM);
        answer("e", TERM);
        assertThat(index).isNotDone();
        answer("c", TERM);
        assertThat(index).isCompletedWithValue(100L);
    }

    @Test
    void leaderThatIsNotAMemberAnyMoreDoesNotCountItself() {
        members = peers("b", "c", "d");
        CompletableFuture<Long> index = readIndex.get();
        answer("b", TERM);
        assertThat(index).isNotDone();
        answer("d", TERM);
        assertThat(index).isCompletedWithValue(100L);
    }

    @Test
    void whoComesDuringARoundWaitsForOneThatBeginsLater() {
        CompletableFuture<Long> first = readIndex.get();
        committed = 105;
        CompletableFuture<Long> second = readIndex.get();
        CompletableFuture<Long> third = readIndex.get();
        answer("b", TERM);
        assertThat(first).isCompletedWithValue(100L);
        assertThat(second).isNotDone();
        // An answer to the first round says nothing about the second one.
        answer("c", TERM);
        assertThat(second).isNotDone();
        answer("b", TERM);
        assertThat(second).isCompletedWithValue(105L);
        assertThat(third).isCompletedWithValue(105L);
    }

    @Test
    void roundThatFailsDoesNotKeepTheNextFromBeginning() {
        CompletableFuture<Long> first = readIndex.get();
        CompletableFuture<Long> second = readIndex.get();
        silence("b");
        silence("c");
        assertThat(first).isCompletedExceptionally();
        answer("c", TERM);
        assertThat(second).isCompletedWithValue(100L);
    }

    /** The oldest question to it that is open. */
    private void answer(String member, long said) {
        asked.get(member).remove(0).complete(OptionalLong.of(said));
    }

    private void silence(String member) {
        if (!asked.get(member).isEmpty()) {
            asked.get(member).remove(0).complete(OptionalLong.empty());
        }
    }

    private static Collection<RaftPeer> peers(String... ids) {
        return Stream.of(ids).map(id -> RaftPeer.newBuilder().setId(id).build()).toList();
    }

    private RaftServer.Division division() {
        DivisionInfo info = fake(DivisionInfo.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getCurrentTerm" -> TERM;
            case "isLeader" -> leads;
            case "isLeaderReady" -> ready;
            default -> throw new UnsupportedOperationException(method.getName());
        });
        RaftLog log = fake(RaftLog.class, (proxy, method, arguments) -> committed);
        RaftConfiguration configuration =
                fake(RaftConfiguration.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getCurrentPeers" -> members;
                    case "getPreviousPeers" -> former;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return fake(RaftServer.Division.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getInfo" -> info;
            case "getRaftLog" -> log;
            case "getRaftConf" -> configuration;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
