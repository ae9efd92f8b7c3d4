package io.moorage.node.raft;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * The entries that leaders send to members here. A member answers that it has appended only what it has, and has synced (Raft,
 * §5.3): what a majority says so of is committed. Ratis 3.3 by itself leaves gaps when a stream breaks or a leader is replaced, the more
 * so the slower the disk is:
 *
 * <ul>
 *   <li>the term of a request is checked, and its entries are appended after that: those of another leader can come between, and would be
 *       replaced by older ones. Here a member takes one request after the other;
 *   <li>its own term may have risen between the two, with a vote that did not count these entries: then they are not acknowledged;
 *   <li>entries that replace others which were synced are acknowledged when they are written. Here that waits until they are synced;
 *   <li>entries that are sent again, by a new stream, while they are not synced yet, are acknowledged at once. Here that waits.
 * </ul>
 *
 * Thread-safe. It waits where Ratis waits: for its locks and for space in the queue of the log.
 */
final class FollowerAppends implements InvocationHandler {
    private static final Executor LOOK_AGAIN = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

    private final RaftServer server;
    /** Of each division while it is there: one that was closed and opened again has another log. */
    private final Map<RaftServer.Division, Member> members = Collections.synchronizedMap(new WeakHashMap<>());

    private FollowerAppends(RaftServer server) {
        this.server = server;
    }

    /** This server as its peers are to see it. */
    static RaftServer guard(RaftServer server) {
        return (RaftServer) Proxy.newProxyInstance(
                FollowerAppends.class.getClassLoader(), new Class<?>[] {RaftServer.class}, new FollowerAppends(server));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("appendEntriesAsync")) {
            return append((AppendEntriesRequestProto) arguments[0]);
        }
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private CompletableFuture<AppendEntriesReplyProto> append(AppendEntriesRequestProto request) throws IOException {
        if (request.getEntriesCount() == 0) {
            return server.appendEntriesAsync(request);
        }
        RaftServer.Division division = server.getDivision(
                RaftGroupId.valueOf(request.getServerRequest().getRaftGroupId().getId()));
        return members.computeIfAbsent(division, opened -> new Member()).append(division, request);
    }

    private final class Member {
        /** Done when all that was ever put into the log is synced: its syncs come in the order of its writes. */
        private CompletableFuture<?> synced = CompletableFuture.completedFuture(null);

        private synchronized CompletableFuture<AppendEntriesReplyProto> append(
                RaftServer.Division division, AppendEntriesRequestProto request) throws IOException {
            LogEntryProto last = request.getEntries(request.getEntriesCount() - 1);
            TermIndex end = TermIndex.valueOf(last.getTerm(), last.getIndex());
            boolean repeated = has(division, end);
            CompletableFuture<AppendEntriesReplyProto> reply = server.appendEntriesAsync(request);
            if (!repeated && has(division, end)) {
                synced = reply;
            }
            CompletableFuture<?> written = synced;
            boolean superseded;
            // The division's monitor is held from where a vote looks at the log to where it raises the term.
            synchronized (division) {
                superseded = division.getInfo().getCurrentTerm() != request.getLeaderTerm();
            }
            return reply.thenCompose(answer -> {
                if (answer.getResult() != AppendResult.SUCCESS) {
                    return CompletableFuture.completedFuture(answer);
                }
                if (superseded) {
                    return refused(division, "took part in a later term while it appended");
                }
                return written.thenCompose(ignored -> whenSynced(division, end, answer));
            });
        }

        /** Nearly always at once. The log's own word, as it lowers its index of what is synced when it truncates. */
        private CompletableFuture<AppendEntriesReplyProto> whenSynced(
                RaftServer.Division division, TermIndex end, AppendEntriesReplyProto answer) {
            if (division.getRaftLog().getFlushIndex() >= end.getIndex()) {
                return CompletableFuture.completedFuture(answer);
            }
            if (!division.getInfo().isAlive() || !has(division, end)) {
                return refused(division, "has not synced " + end + ", and will not");
            }
            return CompletableFuture.supplyAsync(() -> answer, LOOK_AGAIN)
                    .thenCompose(later -> whenSynced(division, end, later));
        }

        private boolean has(RaftServer.Division division, TermIndex entry) {
            return entry.equals(division.getRaftLog().getTermIndex(entry.getIndex()));
        }

        /** Goes back to the leader as an error, and it asks again after a while. */
        private CompletableFuture<AppendEntriesReplyProto> refused(RaftServer.Division division, String why) {
            return CompletableFuture.failedFuture(new IOException(division.getMemberId() + " " + why));
        }
    }
}
