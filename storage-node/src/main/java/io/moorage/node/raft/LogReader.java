package io.moorage.node.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.store.Refusal;
import io.moorage.node.store.Versions;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Failure;
import io.moorage.protocol.v1.LoggedCommand;
import io.moorage.protocol.v1.ReadLogRequest;
import io.moorage.protocol.v1.ReadLogResponse;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;

/** Reads committed commands of one volume from a replica's Raft log. A group's log holds those of other volumes as well. */
final class LogReader {
    private static final int MAX_LIMIT = 1000;
    private static final int MAX_ENTRIES = 4096;
    private static final long MAX_BYTES = 1 << 20;
    private static final long MAX_SCANNED_BYTES = 16 << 20;

    private LogReader() {}

    /**
     * @param applied nothing behind this log index is shown
     * @throws Refusal COMPACTED with the horizon as its version, INVALID_ARGUMENT
     */
    static ReadLogResponse read(RaftLog log, long applied, ReadLogRequest request) {
        if (request.getLimit() < 1 || request.getLimit() > MAX_LIMIT) {
            throw Refusal.invalid("limit is " + request.getLimit() + "; it must be 1 to " + MAX_LIMIT);
        }
        long start = Math.max(0, log.getStartIndex());
        long horizon = Versions.of(start, 0);
        if (request.getFromVersion() < horizon && (request.getFromVersion() > 0 || request.getExact())) {
            throw compacted(request.getFromVersion(), horizon);
        }
        ReadLogResponse.Builder page = ReadLogResponse.newBuilder().setHorizon(horizon);
        long from = Math.max(request.getFromVersion(), horizon);
        long last = request.getExact() ? Math.min(applied, Versions.indexOf(from)) : applied;
        long bytes = 0;
        long scanned = 0;
        for (long index = Versions.indexOf(from); index <= last; index++) {
            if (scanned > MAX_SCANNED_BYTES || index - Versions.indexOf(from) >= MAX_ENTRIES) {
                return page.setMore(true).setNextVersion(Versions.of(index, 0)).build();
            }
            RaftProtos.LogEntryProto entry = entry(log, index, request.getFromVersion());
            if (!entry.hasStateMachineLogEntry()) {
                continue;
            }
            CommandBatch batch = parse(entry);
            scanned += batch.getSerializedSize();
            for (int i = 0; i < batch.getCommandsCount(); i++) {
                long version = Versions.of(index, i);
                Command command = batch.getCommands(i);
                boolean wanted = command.getVolumeId() == request.getVolumeId()
                        && version >= from
                        && (!request.getExact() || version == from);
                if (!wanted) {
                    continue;
                }
                if (page.getCommandsCount() == request.getLimit() || bytes > MAX_BYTES) {
                    return page.setMore(true).setNextVersion(version).build();
                }
                bytes += command.getSerializedSize();
                page.addCommands(LoggedCommand.newBuilder()
                        .setVersion(version)
                        .setTerm(entry.getTerm())
                        .setTimestampMs(batch.getTimestampMs())
                        .setCommand(command));
            }
        }
        return page.setNextVersion(Math.max(from, Versions.of(applied + 1, 0))).build();
    }

    private static RaftProtos.LogEntryProto entry(RaftLog log, long index, long from) {
        try {
            RaftProtos.LogEntryProto entry = log.get(index);
            if (entry == null) {
                // It was purged while it was looked for.
                throw compacted(from, Versions.of(Math.max(0, log.getStartIndex()), 0));
            }
            return entry;
        } catch (RaftLogIOException e) {
            throw NodeErrors.uncertain(
                    ErrorCode.ERROR_CODE_UNAVAILABLE, "log entry " + index + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static CommandBatch parse(RaftProtos.LogEntryProto entry) {
        try {
            return CommandBatch.parseFrom(
                    entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw NodeErrors.uncertain(
                    ErrorCode.ERROR_CODE_CORRUPT, "log entry " + entry.getIndex() + " is not a batch of commands", e);
        }
    }

    private static Refusal compacted(long from, long horizon) {
        return new Refusal(Failure.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_COMPACTED)
                .setMessage("the log of this replica goes back to " + horizon + ", and " + from
                        + " was asked for: follow the changes of the volume, which are kept longer, or read the entries"
                        + " as they are now")
                .setCurrentVersion(horizon)
                .build());
    }
}
