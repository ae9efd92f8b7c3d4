package io.moorage.node.extent;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.protocol.JoinedCrc32c;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class JoinedCrc32cTest {
    @Property(tries = 200)
    void piecesHaveTheChecksumOfTheWhole(
            @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 70_000) Integer> lengths, @ForAll long seed) {
        Random random = new Random(seed);
        CRC32C whole = new CRC32C();
        JoinedCrc32c joined = new JoinedCrc32c();
        for (int length : lengths) {
            byte[] piece = new byte[length];
            random.nextBytes(piece);
            whole.update(piece);
            CRC32C own = new CRC32C();
            own.update(piece);
            joined.append((int) own.getValue(), length);
        }
        assertThat(joined.value()).isEqualTo((int) whole.getValue());
    }

    @Property(tries = 20)
    void fullBlocksAsWell(@ForAll @IntRange(min = 1, max = 65) int blocks, @ForAll long seed) {
        piecesHaveTheChecksumOfTheWhole(java.util.Collections.nCopies(blocks, 64 * 1024), seed);
    }
}
