package io.moorage.node.raft;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A segment of Ratis' log, read without Ratis: an 8-byte header, then entries of a varint length, that many bytes and their
 * CRC32C (over length and bytes), then zeros to the end.
 *
 * <p>What a crash may leave at the end is told from damage: a write that was not synced yet may have reached the disk in some
 * sectors and not in others, in any order. A record with a sector of zeros in it is torn, and was never acknowledged; any other
 * one that does not have its checksum was whole once (the rule of etcd's wal/decoder.go).
 */
final class RaftLogFile {
    private static final int SECTOR_BYTES = 512;
    private static final byte[] HEADER = "RaftLog1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    enum State {
        /** Entries, then nothing or zeros. */
        WHOLE,
        /** The last write was cut off. */
        TORN,
        /** An entry that was there is not any more. */
        DAMAGED
    }

    /**
     * @param goodBytes the header and all entries before the first that is not good
     */
    record Finding(State state, long goodBytes, long goodEntries) {}

    private RaftLogFile() {}

    static Finding check(Path file) throws IOException {
        long size = Files.size(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 18))) {
            byte[] header = in.readNBytes(HEADER.length);
            if (!Arrays.equals(header, HEADER)) {
                // Ratis takes one that was not written in full for an empty segment.
                int written = Arrays.mismatch(header, HEADER);
                boolean rest = restIsZero(header, written) && restIsZero(in);
                return new Finding(rest ? State.WHOLE : State.DAMAGED, 0, 0);
            }
            long good = HEADER.length;
            for (long entries = 0; ; entries++) {
                long next = readEntry(in, good, size);
                if (next <= 0) {
                    State state = next == END
                            ? State.WHOLE
                            : next == CUT || tornAt(file, good, size) ? State.TORN : State.DAMAGED;
                    return new Finding(state, good, entries);
                }
                good = next;
            }
        }
    }

    /** Takes off what a crash left behind the good entries; durable when this returns. */
    static void cut(Path file, Finding finding) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(finding.goodBytes());
            channel.force(true);
        }
    }

    private static final long END = 0;
    private static final long CUT = -1;
    private static final long BAD = -2;

    /** Where the next entry is; or END, CUT (the file ends within it), BAD. */
    private static long readEntry(DataInputStream in, long at, long size) throws IOException {
        int first = in.read();
        if (first < 0) {
            return END;
        }
        if (first == 0) {
            return restIsZero(in) ? END : BAD;
        }
        CRC32C crc = new CRC32C();
        int length = 0;
        int lengthBytes = 0;
        for (int b = first; ; b = in.read()) {
            if (b < 0) {
                return CUT;
            }
            crc.update(b);
            length |= (b & 0x7f) << 7 * lengthBytes++;
            if (b < 0x80) {
                break;
            }
            if (lengthBytes == 5) {
                return BAD;
            }
        }
        if (length <= 0 || length > RaftSettings.MAX_ENTRY_BYTES) {
            return BAD;
        }
        if (at + lengthBytes + length + Integer.BYTES > size) {
            return CUT;
        }
        try {
            byte[] part = new byte[Math.min(length, 1 << 16)];
            for (int left = length; left > 0; ) {
                int n = Math.min(left, part.length);
                in.readFully(part, 0, n);
                crc.update(part, 0, n);
                left -= n;
            }
            return in.readInt() == (int) crc.getValue() ? at + lengthBytes + length + Integer.BYTES : BAD;
        } catch (EOFException e) {
            return CUT;
        }
    }

    /** Whether the write that began at this offset misses a sector, or what is left of the first one. */
    private static boolean tornAt(Path file, long offset, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int bytes = (int) Math.min(size - offset, RaftSettings.MAX_ENTRY_BYTES + 16L);
            ByteBuffer tail = ByteBuffer.allocate(bytes);
            while (tail.hasRemaining() && channel.read(tail, offset + tail.position()) >= 0) {
                // Until it is full or the file ends.
            }
            byte[] data = tail.array();
            int to = (int) Math.min(SECTOR_BYTES - offset % SECTOR_BYTES, bytes);
            int length = Math.min(recordBytes(data), bytes);
            if (length == 0) {
                // Not even its length came, or what is here is no length.
                return isZero(data, 0, to);
            }
            for (int from = 0; from < length; from = to, to += SECTOR_BYTES) {
                if (isZero(data, from, Math.min(to, length))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** As its length says, if that can be; otherwise 0. */
    private static int recordBytes(byte[] data) {
        int length = 0;
        for (int i = 0; i < Math.min(5, data.length); i++) {
            length |= (data[i] & 0x7f) << 7 * i;
            if (data[i] >= 0) {
                return length <= 0 || length > RaftSettings.MAX_ENTRY_BYTES ? 0 : i + 1 + length + Integer.BYTES;
            }
        }
        return 0;
    }

    private static boolean isZero(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean restIsZero(byte[] data, int from) {
        return from < 0 || isZero(data, from, data.length);
    }

    private static boolean restIsZero(InputStream in) throws IOException {
        byte[] part = new byte[1 << 16];
        for (int n = in.read(part); n > 0; n = in.read(part)) {
            if (!isZero(part, 0, n)) {
                return false;
            }
        }
        return true;
    }
}
