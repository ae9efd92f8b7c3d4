package io.moorage.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.raft.RaftLogFile.Finding;
import io.moorage.node.raft.RaftLogFile.State;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftLogFileTest {
    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    RaftLogFileTest() throws IOException {
        log.write("RaftLog1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void wholeLogsAreWholeWithAndWithoutZerosBehindThem() throws IOException {
        assertThat(check(log.toByteArray())).isEqualTo(new Finding(State.WHOLE, 8, 0));
        assertThat(check(new byte[0]).state()).isEqualTo(State.WHOLE);
        assertThat(check(Arrays.copyOf("Raft".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 4096))
                        .state())
                .isEqualTo(State.WHOLE);
        append(100, 127, 128, 70_000, 3_000_000);
        byte[] whole = log.toByteArray();
        assertThat(check(whole)).isEqualTo(new Finding(State.WHOLE, whole.length, 5));
        assertThat(check(Arrays.copyOf(whole, whole.length + (4 << 20))))
                .isEqualTo(new Finding(State.WHOLE, whole.length, 5));
    }

    @Test
    void fileThatEndsWithinARecordIsTornWhereverItEnds() throws IOException {
        append(100, 300);
        int good = log.size();
        append(5000);
        byte[] whole = log.toByteArray();
        for (int end = good + 1; end < whole.length; end += 7) {
            assertThat(check(Arrays.copyOf(whole, end)))
                    .as("ends at %d", end)
                    .isEqualTo(new Finding(State.TORN, good, 2));
        }
    }

    @Test
    void writesOfWhichSectorsAreMissingAreTornWhicheverTheyAre() throws IOException {
        append(100, 300);
        int good = log.size();
        append(5000);
        byte[] whole = Arrays.copyOf(log.toByteArray(), 16_384);
        for (int sector = good / 512 + 1; sector < (good + 5000) / 512; sector++) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, sector * 512, sector * 512 + 512, (byte) 0);
            assertThat(check(torn)).as("sector %d", sector).isEqualTo(new Finding(State.TORN, good, 2));
        }
        byte[] withoutBeginning = whole.clone();
        Arrays.fill(withoutBeginning, good, (good / 512 + 1) * 512, (byte) 0);
        assertThat(check(withoutBeginning)).isEqualTo(new Finding(State.TORN, good, 2));
    }

    @Test
    void recordThatWasWholeOnceIsDamagedAndNotTorn() throws IOException {
        append(100);
        int first = log.size();
        append(5000, 200);
        for (int at = first; at < log.size(); at += 13) {
            byte[] flipped = Arrays.copyOf(log.toByteArray(), 16_384);
            flipped[at] ^= 0x40;
            assertThat(check(flipped).state()).as("flipped at %d", at).isNotEqualTo(State.WHOLE);
            boolean length = at < first + 3 || at >= first + 5006 && at < first + 5009;
            if (!length) {
                assertThat(check(flipped).state()).as("flipped at %d", at).isEqualTo(State.DAMAGED);
            }
        }
        byte[] header = log.toByteArray();
        header[0] ^= 1;
        assertThat(check(header).state()).isEqualTo(State.DAMAGED);
    }

    @Test
    void tornTailIsCutOffAndTheRestIsWhole() throws IOException {
        append(100, 300);
        int good = log.size();
        append(5000);
        Path file = directory.resolve("cut");
        Files.write(file, Arrays.copyOf(log.toByteArray(), log.size() - 1));
        RaftLogFile.cut(file, RaftLogFile.check(file));
        assertThat(RaftLogFile.check(file)).isEqualTo(new Finding(State.WHOLE, good, 2));
    }

    private Finding check(byte[] bytes) throws IOException {
        Path file = directory.resolve("log");
        Files.write(file, bytes);
        return RaftLogFile.check(file);
    }

    private void append(int... lengths) throws IOException {
        for (int length : lengths) {
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            int rest = length;
            for (; rest >= 0x80; rest >>>= 7) {
                record.write(rest & 0x7f | 0x80);
            }
            record.write(rest);
            byte[] data = new byte[length];
            random.nextBytes(data);
            record.write(data);
            CRC32C crc = new CRC32C();
            crc.update(record.toByteArray());
            log.write(record.toByteArray());
            new DataOutputStream(log).writeInt((int) crc.getValue());
        }
    }
}
