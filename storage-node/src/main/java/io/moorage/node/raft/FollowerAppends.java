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
import java.util.concurrent.CompletionException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * The entries that leaders send to members here. A member answers that it has appended only what it has, and has synced (Raft,
 * §5.3): what a majority says so of is committed. Ratis 3.3 by itself leaves three gaps, all of them when a disk is slow while a stream
 * breaks or a leader is replaced:
 *
 * <ul>
 *   <li>the term of a request is checked, and its entries are appended after that: those of another leader can come between, and would be
 *       replaced by older ones. Here a member takes one request after the other;
 *   <li>its own term may have risen between the two, with a vote that did not count these entries: then they are not acknowledged;
 *   <li>entries that are sent again, by a new stream, while they are not synced yet, are acknowledged at once. Here that waits.
 * </ul>
 *
 * Thread-safe. It waits where Ratis waits: for its locks and for space in the queue of the log.
 */
final class FollowerAppends implements InvocationHandler {
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
            CompletableFuture<?> durable = repeated ? synced : reply;
            boolean superseded = division.getInfo().getCurrentTerm() != request.getLeaderTerm();
            return reply.thenCompose(answer -> answer.getResult() != AppendResult.SUCCESS
                    ? CompletableFuture.completedFuture(answer)
                    : durable.thenApply(ignored -> {
                        check(!superseded, division, "took part in a later term while it appended");
                        // What it wrote as a leader itself.
                        check(
                                !repeated || division.getRaftLog().getFlushIndex() >= end.getIndex(),
                                division,
                                "has not synced it yet");
                        return answer;
                    }));
        }

        private boolean has(RaftServer.Division division, TermIndex entry) {
            return entry.equals(division.getRaftLog().getTermIndex(entry.getIndex()));
        }

        /** What is not so goes back to the leader as an error, and it asks again after a while. */
        private void check(boolean so, RaftServer.Division division, String otherwise) {
            if (!so) {
                throw new CompletionException(new IOException(division.getMemberId() + " " + otherwise));
            }
        }
    }
}
