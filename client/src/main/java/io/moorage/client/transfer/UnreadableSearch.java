package io.moorage.client.transfer;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.moorage.client.MoorageException;
import io.moorage.client.UnreadableEntries;
import io.moorage.client.VolumeRef;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.CallErrors;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentServiceGrpc;
import io.moorage.protocol.v1.ListIncompleteRequest;
import io.moorage.protocol.v1.ListIncompleteResponse;
import io.moorage.protocol.v1.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks all replicas of a volume what they lack, and finds what all of them do. Thread-safe. */
public final class UnreadableSearch {
    private static final long TIMEOUT_SECONDS = 30;
    /** That of keys in a volume. */
    private static final Comparator<String> BYTE_ORDER =
            Comparator.comparing(ByteString::copyFromUtf8, ByteString.unsignedLexicographicalComparator());

    private final VolumeRef volume;
    private final GroupDirectory directory;
    private final NodeChannels channels;

    public UnreadableSearch(VolumeRef volume, GroupDirectory directory, NodeChannels channels) {
        this.volume = volume;
        this.directory = directory;
        this.channels = channels;
    }

    /**
     * @param startAfter empty: from the first key
     * @throws MoorageException if no replica answers, or one says that the call is wrong
     */
    public UnreadableEntries after(String startAfter) {
        Map<String, ListenableFuture<ListIncompleteResponse>> calls = new LinkedHashMap<>();
        for (Member member : directory
                .route(volume.group())
                .map(GroupDirectory.Route::members)
                .orElse(List.of())) {
            calls.put(
                    member.getNodeId(),
                    ExtentServiceGrpc.newFutureStub(channels.retrying(member.getServiceAddress()))
                            .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .listIncomplete(ListIncompleteRequest.newBuilder()
                                    .setGroupId(volume.group().toBytes())
                                    .setVolumeId(volume.id())
                                    .setStartAfter(startAfter)
                                    .build()));
        }
        List<ListIncompleteResponse> answers = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        calls.forEach((node, call) -> {
            try {
                answers.add(call.get());
            } catch (ExecutionException e) {
                ErrorDetail detail = CallErrors.detail(e.getCause());
                if (!CallErrors.isTransient(detail.getCode())) {
                    throw new MoorageException(detail.getCode(), detail.getMessage());
                }
                silent.add(node);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "interrupted");
            }
        });
        if (answers.isEmpty()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE, "no replica of group " + volume.group() + " answers");
        }
        return common(answers, silent);
    }

    /** Each replica has looked up to another key: what counts is up to where all of them have. */
    static UnreadableEntries common(List<ListIncompleteResponse> answers, List<String> silent) {
        String next = answers.stream()
                .map(ListIncompleteResponse::getNext)
                .filter(key -> !key.isEmpty())
                .min(BYTE_ORDER)
                .orElse("");
        Map<String, Entry> common = byKey(answers.get(0));
        for (ListIncompleteResponse answer : answers.subList(1, answers.size())) {
            Map<String, Entry> others = byKey(answer);
            common.replaceAll((key, entry) -> common(entry, others.get(key)));
        }
        return new UnreadableEntries(
                common.values().stream()
                        .filter(entry -> entry.getExtentsCount() > 0)
                        .filter(entry -> next.isEmpty() || BYTE_ORDER.compare(entry.getKey(), next) <= 0)
                        .toList(),
                next,
                silent);
    }

    private static Map<String, Entry> byKey(ListIncompleteResponse answer) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        answer.getEntriesList().forEach(entry -> entries.put(entry.getKey(), entry));
        return entries;
    }

    /** The extents that neither has; none if they do not speak of the same version. */
    private static Entry common(Entry one, Entry other) {
        Entry.Builder both = one.toBuilder().clearExtents();
        if (other != null && other.getVersion() == one.getVersion()) {
            Set<Extent> lacked = new HashSet<>(other.getExtentsList());
            one.getExtentsList().stream().filter(lacked::contains).forEach(both::addExtents);
        }
        return both.build();
    }
}
