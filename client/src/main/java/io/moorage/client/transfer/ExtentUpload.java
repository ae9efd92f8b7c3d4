package io.moorage.client.transfer;

import com.google.protobuf.UnsafeByteOperations;
import io.moorage.client.Limits;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.NodeChannels;
import io.moorage.protocol.JoinedCrc32c;
import io.moorage.protocol.v1.DiscardExtentsRequest;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentList;
import io.moorage.protocol.v1.ExtentServiceGrpc;
import io.moorage.protocol.v1.FinishExtent;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.OpenExtent;
import io.moorage.protocol.v1.WriteExtentRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The bulk bytes of one upload on their way to all replicas at once. A chunk is sent when every replica can take it, so that no
 * more than a chunk per replica is held; one that stalls is left behind as long as a majority keeps up. Extents are
 * acknowledged while later ones are being sent; one counts when a majority (or all, if asked for) has made it durable.
 *
 * <p>One thread writes; gRPC's threads report.
 */
final class ExtentUpload implements AutoCloseable {
    /** Extents sent and not acknowledged by enough replicas: more would only fill the replicas' page caches. */
    private static final int MAX_UNACKNOWLEDGED = 16;

    private final VolumeRef volume;
    private final NodeChannels channels;
    private final long stallNanos;
    private final long giveUpNanos;
    private final int needed;
    private final List<ReplicaStream> streams = new ArrayList<>();
    private final List<Extent> extents = new ArrayList<>();
    private final Map<Long, Integer> unacknowledged = new HashMap<>();
    private long openedAtMs = Long.MAX_VALUE;
    private boolean committed;

    private OpenExtent opening;
    private int extentLength;
    private final JoinedCrc32c extentCrc = new JoinedCrc32c();

    /**
     * @param all whether every replica must acknowledge
     * @param stall a replica that takes nothing for this long is left behind
     * @param giveUp without progress for this long the upload fails
     */
    ExtentUpload(
            VolumeRef volume,
            GroupDirectory.Route route,
            NodeChannels channels,
            boolean all,
            Duration stall,
            Duration giveUp) {
        this.volume = volume;
        this.channels = channels;
        this.stallNanos = stall.toNanos();
        this.giveUpNanos = giveUp.toNanos();
        this.needed = all ? route.members().size() : route.majority();
        for (Member member : route.members()) {
            ReplicaStream stream = new ReplicaStream(this, member);
            streams.add(stream);
            ExtentServiceGrpc.newStub(channels.bulk(member.getServiceAddress())).write(stream);
        }
    }

    /**
     * Sends bytes; the array may be used again when this returns.
     *
     * @param length a multiple of 64 KiB, except in the last call
     * @param remaining bytes that will follow, -1 = not known
     */
    synchronized void write(byte[] data, int length, long remaining) {
        int from = 0;
        while (from < length) {
            if (opening == null) {
                long expected = remaining < 0 ? Limits.EXTENT_BYTES : length - from + remaining;
                open((int) Math.min(Limits.EXTENT_BYTES, expected));
            }
            int part = Math.min(length - from, opening.getCapacity() - extentLength);
            send(data, from, part);
            from += part;
        }
    }

    private void open(int capacity) {
        if (extents.size() == Limits.MAX_EXTENTS) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "an entry has at most " + Limits.MAX_EXTENTS + " extents, "
                            + (long) Limits.MAX_EXTENTS * Limits.EXTENT_BYTES / (1 << 30)
                            + " GiB: cut it into several");
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // Ids with a small lower half are those of inline extents.
        long low = random.nextLong() | 65_536;
        opening = OpenExtent.newBuilder()
                .setGroupId(volume.group().toBytes())
                .setVolumeId(volume.id())
                .setIdHigh(random.nextLong())
                .setIdLow(low)
                .setCapacity(capacity)
                .build();
        extentLength = 0;
        extentCrc.reset();
    }

    private void send(byte[] data, int from, int length) {
        WriteExtentRequest.Builder request = WriteExtentRequest.newBuilder();
        if (extentLength == 0) {
            request.setOpen(opening);
        }
        for (int at = from; at < from + length; at += Limits.BLOCK_BYTES) {
            int bytes = Math.min(Limits.BLOCK_BYTES, from + length - at);
            CRC32C crc = new CRC32C();
            crc.update(data, at, bytes);
            request.addBlockCrc32C((int) crc.getValue());
            extentCrc.append((int) crc.getValue(), bytes);
        }
        extentLength += length;
        request.setData(UnsafeByteOperations.unsafeWrap(data, from, length));
        if (extentLength == opening.getCapacity()) {
            request.setFinish(finish());
        }
        sendToAll(request.build());
    }

    private FinishExtent finish() {
        int crc = extentCrc.value();
        extents.add(Extent.newBuilder()
                .setIdHigh(opening.getIdHigh())
                .setIdLow(opening.getIdLow())
                .setLength(extentLength)
                .setStoredLength(extentLength)
                .setCrc32C(crc)
                .build());
        unacknowledged.put(opening.getIdLow(), 0);
        opening = null;
        return FinishExtent.newBuilder().setLength(extentLength).setCrc32C(crc).build();
    }

    private void sendToAll(WriteExtentRequest request) {
        await(() ->
                unacknowledged.size() <= MAX_UNACKNOWLEDGED && streams.stream().allMatch(s -> !s.alive() || s.ready()));
        for (ReplicaStream stream : streams) {
            if (stream.alive()) {
                try {
                    stream.send(request);
                } catch (IllegalStateException e) {
                    // It was closed by the other side a moment ago; onError says why.
                    stream.markFailed(
                            unavailable("the stream to " + stream.member().getNodeId() + " was closed"));
                }
            }
        }
    }

    /** All bytes were written: waits until enough replicas have them; what the entry then names. */
    synchronized ExtentList finishAndAwait() {
        if (opening != null) {
            sendToAll(WriteExtentRequest.newBuilder().setFinish(finish()).build());
        }
        streams.forEach(ReplicaStream::end);
        await(() -> unacknowledged.isEmpty());
        return ExtentList.newBuilder()
                .addAllExtents(extents)
                .setOpenedAtMs(openedAtMs)
                .build();
    }

    /** The entry was, or may have been, committed: its extents are not this upload's to discard any more. */
    synchronized void committed() {
        committed = true;
    }

    /** Ends the streams; discards what no entry will name. */
    @Override
    public synchronized void close() {
        if (committed) {
            // Replicas that are behind go on to take what was sent to them.
            return;
        }
        streams.forEach(stream -> stream.drop(unavailable("the upload was given up")));
        if (extents.isEmpty()) {
            return;
        }
        DiscardExtentsRequest discard = DiscardExtentsRequest.newBuilder()
                .setGroupId(volume.group().toBytes())
                .setVolumeId(volume.id())
                .addAllExtents(extents)
                .build();
        for (ReplicaStream stream : streams) {
            ExtentServiceGrpc.newFutureStub(channels.to(stream.member().getServiceAddress()))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .discard(discard);
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    synchronized void opened(long atMs) {
        openedAtMs = Math.min(openedAtMs, atMs);
        notifyAll();
    }

    synchronized void acknowledged(long idHigh, long idLow) {
        Integer count = unacknowledged.get(idLow);
        if (count != null) {
            if (count + 1 >= needed) {
                unacknowledged.remove(idLow);
            } else {
                unacknowledged.put(idLow, count + 1);
            }
        }
        notifyAll();
    }

    synchronized void failed(ReplicaStream stream, ErrorDetail why) {
        stream.markFailed(why);
        notifyAll();
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition) {
        long start = System.nanoTime();
        while (true) {
            checkEnoughAlive();
            if (condition.holds()) {
                return;
            }
            long waited = System.nanoTime() - start;
            if (waited > giveUpNanos) {
                throw new MoorageException(
                        ErrorCode.ERROR_CODE_UNAVAILABLE,
                        "the replicas of group " + volume.group() + " took nothing for " + giveUpNanos / 1_000_000_000
                                + " s",
                        0,
                        false,
                        Duration.ofSeconds(2),
                        null);
            }
            if (waited > stallNanos) {
                leaveStalledBehind();
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, TimeUnit.MILLISECONDS.toNanos(200));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "the upload was interrupted");
            }
        }
    }

    private void leaveStalledBehind() {
        for (ReplicaStream stream : streams) {
            if (stream.alive() && !stream.ready() && alive() > needed) {
                stream.drop(unavailable("replica " + stream.member().getNodeId() + " does not keep up"));
            }
        }
    }

    private long alive() {
        return streams.stream().filter(ReplicaStream::alive).count();
    }

    /** An extent whose acknowledgements came before its replica went away still counts; new ones need enough replicas. */
    private void checkEnoughAlive() {
        if (alive() >= needed || unacknowledged.isEmpty() && opening == null && !extents.isEmpty()) {
            return;
        }
        List<ErrorDetail> failures = streams.stream()
                .filter(s -> !s.alive())
                .map(ReplicaStream::failure)
                .toList();
        ErrorDetail worst = failures.stream()
                .max(java.util.Comparator.comparingInt(ExtentUpload::weight))
                .orElseThrow();
        String nodes = streams.stream()
                .filter(s -> !s.alive())
                .map(s -> s.member().getNodeId() + ": " + s.failure().getMessage())
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
        throw new MoorageException(
                worst.getCode() == ErrorCode.ERROR_CODE_INTERNAL ? ErrorCode.ERROR_CODE_UNAVAILABLE : worst.getCode(),
                "only " + alive() + " of " + streams.size() + " replicas take data, " + needed + " are needed (" + nodes
                        + ")",
                0,
                false,
                Duration.ofSeconds(2),
                null);
    }

    /** Which failure is the one to tell: a full disk says more than a closed connection. */
    private static int weight(ErrorDetail detail) {
        return switch (detail.getCode()) {
            case ERROR_CODE_VOLUME_NOT_FOUND -> 5;
            case ERROR_CODE_DISK_FULL -> 4;
            case ERROR_CODE_SLOW_DOWN -> 3;
            case ERROR_CODE_UNAVAILABLE -> 2;
            default -> 1;
        };
    }

    private static ErrorDetail unavailable(String message) {
        return ErrorDetail.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_UNAVAILABLE)
                .setMessage(message)
                .build();
    }
}
