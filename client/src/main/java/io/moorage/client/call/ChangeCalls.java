package io.moorage.client.call;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.CallErrors;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.Call;
import io.moorage.protocol.v1.ChangesRequest;
import io.moorage.protocol.v1.ChangesResponse;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks replicas for changes, on streams of their own: calls that wait for something to happen must not stand in the way of
 * others. Any replica may answer; the one that did last is asked again. Thread-safe; calls block.
 */
public final class ChangeCalls implements AutoCloseable {
    /** One attempt waits this long at most: a node that hangs costs no more. */
    private static final long ATTEMPT_WAIT_MS = 4000;

    private static final long MARGIN_MS = 2000;

    private final CallStreams streams;
    private final GroupDirectory directory;
    private final Map<GroupId, String> lastGood = new ConcurrentHashMap<>();

    public ChangeCalls(NodeChannels channels, GroupDirectory directory) {
        this.streams = new CallStreams(channels);
        this.directory = directory;
    }

    /**
     * Changes behind a position, or none (with a position further on) when the wait is over.
     *
     * @param request all but its group and wait
     * @param wait for a change, at most
     * @param patience for a replica that answers, beyond that
     * @throws MoorageException COMPACTED with the horizon as its current version
     */
    public ChangesResponse changes(GroupId group, ChangesRequest request, Duration wait, Duration patience) {
        long until = System.nanoTime() + wait.toNanos();
        ChangesRequest.Builder next = request.toBuilder().setGroupId(group.toBytes());
        while (true) {
            long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
            next.setWaitMs((int) Math.min(left, ATTEMPT_WAIT_MS));
            ChangesResponse answer = ask(group, next, patience);
            if (answer.getChangesCount() > 0 || !answer.getMore() && left <= ATTEMPT_WAIT_MS) {
                return answer;
            }
            next.setAfterVersion(answer.getNextVersion())
                    .setAfterOrdinal(answer.getNextOrdinal())
                    .setFromOldest(false);
        }
    }

    private ChangesResponse ask(GroupId group, ChangesRequest.Builder request, Duration patience) {
        Backoff backoff = new Backoff(patience);
        ErrorDetail last = null;
        while (true) {
            for (Member member : candidates(group)) {
                try {
                    Answer answer = streams.call(
                            member.getServiceAddress(),
                            Call.newBuilder().setChanges(request),
                            TimeUnit.MILLISECONDS.toNanos(request.getWaitMs() + MARGIN_MS));
                    lastGood.put(group, member.getNodeId());
                    return answer.getChanges();
                } catch (CallFailure e) {
                    last = e.detail();
                    lastGood.remove(group, member.getNodeId());
                    if (!CallErrors.isTransient(last.getCode())) {
                        throw GroupCalls.failure(last, false, e);
                    }
                }
            }
            if (!backoff.pause(0)) {
                throw new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                        "no replica of group " + group + " answers: "
                                + (last == null ? "no node is known to hold one" : last.getMessage()),
                        0,
                        false,
                        Duration.ofSeconds(1),
                        null);
            }
            directory.refresh();
        }
    }

    private List<Member> candidates(GroupId group) {
        List<Member> members = new ArrayList<>(
                directory.route(group).map(GroupDirectory.Route::members).orElse(List.of()));
        Collections.shuffle(members);
        String good = lastGood.get(group);
        members.sort(
                java.util.Comparator.comparing(member -> !member.getNodeId().equals(good)));
        return members;
    }

    @Override
    public void close() {
        streams.close();
    }
}
