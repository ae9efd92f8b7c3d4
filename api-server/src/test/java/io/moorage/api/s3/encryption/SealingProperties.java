package io.moorage.api.s3.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.api.s3.body.PartSizes;
import io.moorage.client.EntryReader;
import io.moorage.protocol.v1.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SealingProperties {
    private static final int SEGMENT = 64 * 1024;
    private final ObjectKey key = ObjectKey.random();

    @Provide
    Arbitrary<List<Integer>> streams() {
        Arbitrary<Integer> sizes = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 300_000),
                Arbitraries.of(1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT));
        return sizes.list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 100)
    void everyRangeIsReadAsItWasPut(
            @ForAll("streams") List<Integer> streams, @ForAll Random random, @ForAll boolean emptyLast)
            throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        List<Long> sizes = new java.util.ArrayList<>();
        for (int i = 0; i < streams.size() + (emptyLast ? 1 : 0); i++) {
            byte[] bytes = new byte[i < streams.size() ? streams.get(i) : 0];
            random.nextBytes(bytes);
            plain.write(bytes);
            sizes.add((long) bytes.length);
            byte[] stored = seal(bytes);
            assertThat(stored).hasSize((int) Seal.storedLength(bytes.length));
            sealed.write(stored);
        }
        byte[] all = plain.toByteArray();
        OpeningReader reader = new OpeningReader(reader(sealed.toByteArray()), key, sizes);
        for (int i = 0; i < 10; i++) {
            int from = random.nextInt(all.length + 1);
            int to = from + random.nextInt(all.length - from + 1);
            assertThat(read(reader, from, to - from)).isEqualTo(Arrays.copyOfRange(all, from, to));
        }
        assertThat(read(reader, 0, all.length)).isEqualTo(all);
        assertThat(PartSizes.decode(PartSizes.encode(sizes))).isEqualTo(sizes);
    }

    @Property(tries = 60)
    void whatWasChangedIsNotRead(@ForAll("streams") List<Integer> streams, @ForAll Random random) throws IOException {
        byte[] bytes = new byte[streams.get(0)];
        byte[] stored = seal(bytes);
        stored[random.nextInt(stored.length)] ^= (byte) (1 << random.nextInt(8));
        OpeningReader reader = new OpeningReader(reader(stored), key, List.of((long) bytes.length));
        assertThatThrownBy(() -> read(reader, 0, bytes.length)).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void segmentsCannotChangePlacesOrBeLeftOut() throws IOException {
        byte[] stored = seal(new byte[3 * SEGMENT]);
        int sealed = Segments.SEALED;
        byte[] swapped = stored.clone();
        System.arraycopy(stored, Segments.HEADER, swapped, Segments.HEADER + sealed, sealed);
        System.arraycopy(stored, Segments.HEADER + sealed, swapped, Segments.HEADER, sealed);
        assertThatThrownBy(() -> read(new OpeningReader(reader(swapped), key, List.of(3L * SEGMENT)), 0, 3 * SEGMENT))
                .isInstanceOf(IllegalStateException.class);
        byte[] cut = Arrays.copyOf(stored, stored.length - sealed);
        assertThatThrownBy(() -> read(new OpeningReader(reader(cut), key, List.of(2L * SEGMENT)), 0, 2 * SEGMENT))
                .isInstanceOf(IllegalStateException.class);
    }

    @Example
    void anEmptyObjectIsVerifiedToo() throws IOException {
        byte[] stored = seal(new byte[0]);
        assertThat(read(new OpeningReader(reader(stored), key, List.of(0L)), 0, 0))
                .isEmpty();
        stored[stored.length - 1]++;
        assertThatThrownBy(() -> read(new OpeningReader(reader(stored), key, List.of(0L)), 0, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Example
    void theSameBytesAreNeverStoredTheSame() throws IOException {
        assertThat(seal(new byte[100])).isNotEqualTo(seal(new byte[100]));
    }

    @Example
    void onlyTheRightKeyUnwraps() {
        byte[] by = ObjectKey.drawn(32);
        byte[] wrapped = key.wrap(by);
        assertThat(ObjectKey.unwrap(wrapped, by).orElseThrow().etag("x")).isEqualTo(key.etag("x"));
        by[0]++;
        assertThat(ObjectKey.unwrap(wrapped, by)).isEmpty();
        assertThat(key.wrap(by)).isNotEqualTo(key.wrap(by));
    }

    private byte[] seal(byte[] bytes) throws IOException {
        try (SealingInputStream in = new SealingInputStream(new ByteArrayInputStream(bytes), key)) {
            return in.readAllBytes();
        }
    }

    private static byte[] read(OpeningReader reader, int offset, int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader.transferTo(offset, length, out);
        return out.toByteArray();
    }

    /** Gives bytes in pieces of a size that fits nothing. */
    private static EntryReader reader(byte[] stored) {
        return new EntryReader() {
            @Override
            public Entry entry() {
                return Entry.getDefaultInstance();
            }

            @Override
            public void transferTo(long offset, long length, OutputStream out) throws IOException {
                for (long at = offset; at < offset + length; at += 10_007) {
                    out.write(stored, (int) at, (int) Math.min(10_007, offset + length - at));
                }
            }

            @Override
            public void close() {
                // There is nothing to close.
            }
        };
    }
}
