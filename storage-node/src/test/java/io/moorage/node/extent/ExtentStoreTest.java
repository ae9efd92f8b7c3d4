package io.moorage.node.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.node.rocks.RocksResources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtentStoreTest {
    private static final int MIB = 1 << 20;
    private static final ExtentStoreOptions OPTIONS =
            new ExtentStoreOptions(true, 8L * MIB, 4, Duration.ofMinutes(10), Duration.ofHours(24));

    @TempDir
    Path directory;

    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final RocksResources resources = new RocksResources(4 << 20, 4 << 20);
    private Disk disk = Disk.SYSTEM;
    private ExtentStore store;

    @BeforeEach
    void open() throws IOException {
        store = ExtentStore.open(
                directory,
                OPTIONS,
                InstantSource.system(),
                executor,
                (file, channel) -> disk.sync(file, channel),
                resources);
    }

    @AfterEach
    void close() {
        store.close();
        resources.close();
        executor.shutdown();
    }

    @Test
    void readersThatComeAfterItWasClosedAreRefused() throws Exception {
        ExtentKey key = write(1, 1, data(MIB, 1), MIB);
        AtomicBoolean closed = new AtomicBoolean();
        List<Future<?>> readers = new ArrayList<>();
        CountDownLatch reading = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            readers.add(executor.submit(() -> {
                assertThatThrownBy(() -> {
                            while (true) {
                                read(key, 0, 1000);
                                reading.countDown();
                            }
                        })
                        .isInstanceOf(IOException.class);
                assertThat(closed).isTrue();
            }));
        }
        reading.await();
        closed.set(true);
        store.close();
        for (Future<?> reader : readers) {
            reader.get(10, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> store.contains(key)).hasMessageContaining("closed");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 65_537, 1_000_000, 4 << 20})
    void givesBackWhatWasWritten(int size) throws Exception {
        byte[] data = data(size, 1);
        ExtentKey key = write(1, 1, data, size);
        assertThat(read(key, 0, size)).isEqualTo(data);
        int middle = size / 2;
        assertThat(read(key, middle, size - middle)).isEqualTo(Arrays.copyOfRange(data, middle, size));
        assertThat(read(key, middle, 1)).isEqualTo(new byte[] {data[middle]});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lengthsAndCapacitiesOfAllKindsKeepOutOfEachOthersWay(boolean directWrites) throws Exception {
        store.close();
        store = ExtentStore.open(
                directory,
                new ExtentStoreOptions(directWrites, 8L * MIB, 4, Duration.ofMinutes(10), Duration.ofHours(24)),
                InstantSource.system(),
                executor,
                disk,
                resources);
        Map<ExtentKey, byte[]> written = new HashMap<>();
        int id = 0;
        for (int size : new int[] {1, 4095, 4096, 4097, 65_536, 66_000, MIB, MIB + 1, 2 * MIB + 4095}) {
            for (int unused : new int[] {0, 1, 4000, 4096, 8192, 100_000}) {
                byte[] data = data(size, id);
                written.put(write(1, ++id, data, size + unused), data);
                written.put(writeAtOnce(++id, Arrays.copyOf(data, Math.min(size, MIB)), size + unused), data);
            }
        }
        reopenAfterCrash();
        for (Map.Entry<ExtentKey, byte[]> each : written.entrySet()) {
            int length = store.find(each.getKey()).orElseThrow().length();
            assertThat(read(each.getKey(), 0, length)).isEqualTo(Arrays.copyOf(each.getValue(), length));
        }
    }

    private ExtentKey writeAtOnce(int id, byte[] data, int capacity) throws Exception {
        ExtentWriter writer = store.create(new ExtentKey(1, 7, id), capacity);
        int half = data.length / 2;
        // A request comes in pieces of any length.
        writer.finish(
                        List.of(ByteBuffer.wrap(data, 0, half), ByteBuffer.wrap(data, half, data.length - half)),
                        ExtentFormat.blockCrcs(ByteBuffer.wrap(data)),
                        data.length,
                        crc(data))
                .get();
        return writer.key();
    }

    @Test
    void extentMayBeShorterThanItsCapacity() throws Exception {
        byte[] data = data(70_000, 2);
        ExtentKey key = write(1, 1, data, 4 * MIB);
        ExtentKey next = write(1, 2, data, 70_000);
        assertThat(read(key, 0, 70_000)).isEqualTo(data);
        assertThat(read(next, 0, 70_000)).isEqualTo(data);
        assertThatThrownBy(() -> read(key, 1, 70_000)).isInstanceOf(ExtentException.class);
    }

    @Test
    void whatWasFinishedIsThereAfterACrashAndWhatWasNotIsNot() throws Exception {
        byte[] data = data(200_000, 3);
        ExtentKey finished = write(1, 1, data, data.length);
        ExtentWriter torn = store.create(new ExtentKey(1, 7, 2), data.length);
        torn.write(List.of(ByteBuffer.wrap(data)), ExtentFormat.blockCrcs(ByteBuffer.wrap(data)));
        ExtentKey after = write(1, 3, data, data.length);
        reopenAfterCrash();
        assertThat(read(finished, 0, data.length)).isEqualTo(data);
        assertThat(read(after, 0, data.length)).isEqualTo(data);
        assertThat(store.contains(torn.key())).isFalse();
    }

    @Test
    void tornTailDoesNotHideWhatIsBeforeIt() throws Exception {
        byte[] data = data(100_000, 4);
        ExtentKey first = write(1, 1, data, data.length);
        ExtentKey second = write(1, 2, data, data.length);
        Path file = files().get(0);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(store.find(second).orElseThrow().offset() + ExtentFormat.trailerOffset(data.length) + 10);
        }
        reopenAfterCrash();
        assertThat(read(first, 0, data.length)).isEqualTo(data);
        assertThat(store.contains(second)).isFalse();
        assertThat(read(write(1, 4, data, data.length), 0, data.length)).isEqualTo(data);
    }

    @Test
    void whatTheIndexNamesAndIsNotThereAnyMoreIsMissing() throws Exception {
        byte[] data = data(100_000, 4);
        ExtentKey first = write(1, 1, data, data.length);
        ExtentKey garbled = write(1, 2, data, data.length);
        ExtentKey cut = write(1, 3, data, data.length);
        long trailer = store.find(garbled).orElseThrow().offset() + ExtentFormat.trailerOffset(data.length) + 10;
        Path file = files().get(0);
        store.flush();
        store.close();
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(raw.length() - 10);
            raw.seek(trailer);
            raw.write(~raw.read());
        }
        store = ExtentStore.open(directory, OPTIONS, InstantSource.system(), executor, disk, resources);
        assertThat(read(first, 0, data.length)).isEqualTo(data);
        assertThat(store.contains(garbled)).isFalse();
        assertThat(store.contains(cut)).isFalse();
    }

    @Test
    void failedSyncIsFinalForItsFileAndWhatItLostIsNotBelievedAfterARestart() throws Exception {
        byte[] data = data(100_000, 4);
        ExtentKey good = write(1, 1, data, data.length);
        ExtentWriter first = begin(2, data);
        ExtentWriter second = begin(3, data);
        disk = (file, channel) -> {
            throw new IOException("the disk is gone");
        };
        assertThatThrownBy(() -> first.finish(data.length, crc(data)).get()).hasRootCauseMessage("the disk is gone");
        // The operating system forgot what it could not write, and would say that all is well now.
        disk = Disk.SYSTEM;
        assertThatThrownBy(() -> second.finish(data.length, crc(data)).get()).hasRootCauseMessage("the disk is gone");
        assertThatThrownBy(() -> store.create(new ExtentKey(1, 7, 4), 10)).isInstanceOf(ExtentException.class);
        assertThat(read(good, 0, data.length)).isEqualTo(data);
        // What is on the disk is known by asking the disk itself: here it lost the end of the second, and kept the
        // others.
        Path file = files().stream()
                .filter(path -> path.toString().endsWith(".ext"))
                .findFirst()
                .orElseThrow();
        store.close();
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(ExtentFormat.recordBytes(data.length) + 50_000);
            raw.write(new byte[4096]);
            raw.getFD().sync();
        }
        store = ExtentStore.open(directory, OPTIONS, InstantSource.system(), executor, disk, resources);
        assertThat(store.contains(good)).isTrue();
        assertThat(store.contains(first.key())).isFalse();
        assertThat(files()).allSatisfy(path -> assertThat(path.toString()).endsWith(".ext"));
        assertThat(read(write(1, 5, data, data.length), 0, data.length)).isEqualTo(data);
    }

    private ExtentWriter begin(long low, byte[] data) throws IOException {
        ExtentWriter writer = store.create(new ExtentKey(1, 7, low), data.length);
        writer.write(List.of(ByteBuffer.wrap(data)), ExtentFormat.blockCrcs(ByteBuffer.wrap(data)));
        return writer;
    }

    private static int crc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return (int) crc.getValue();
    }

    @Test
    void flippedByteIsNeverServed() throws Exception {
        byte[] data = data(3 * 65_536, 5);
        ExtentKey key = write(1, 1, data, data.length);
        try (RandomAccessFile raw = new RandomAccessFile(files().get(0).toFile(), "rw")) {
            raw.seek(ExtentFormat.DATA_OFFSET + 65_536 + 100);
            raw.write(data[65_536 + 100] ^ 1);
        }
        assertThat(read(key, 0, 65_536)).hasSize(65_536);
        assertThatThrownBy(() -> read(key, 65_536, 1))
                .isInstanceOf(ExtentException.class)
                .hasMessageContaining("block 1");
        assertThat(read(key, 2 * 65_536, 65_536)).hasSize(65_536);
        assertThat(store.stats().corruptions()).isEqualTo(1);
    }

    @Test
    void dataThatArrivesDamagedIsRefused() throws Exception {
        byte[] data = data(65_536, 6);
        ExtentWriter writer = store.create(new ExtentKey(1, 1, 1), data.length);
        int[] crcs = ExtentFormat.blockCrcs(ByteBuffer.wrap(data));
        data[5] ^= 1;
        assertThatThrownBy(() -> writer.write(List.of(ByteBuffer.wrap(data)), crcs))
                .isInstanceOfSatisfying(
                        ExtentException.class, e -> assertThat(e.reason()).isEqualTo(ExtentException.Reason.INVALID));
        assertThat(store.contains(writer.key())).isFalse();
    }

    @Test
    void moreThanAMebibyteAtOnceIsRefused() throws Exception {
        ExtentWriter writer = store.create(new ExtentKey(1, 1, 1), 2 * MIB);
        assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(data(MIB + 1, 1))))
                .isInstanceOfSatisfying(
                        ExtentException.class, e -> assertThat(e.reason()).isEqualTo(ExtentException.Reason.INVALID))
                .hasMessageContaining("1048577 bytes");
        assertThat(store.contains(writer.key())).isFalse();
    }

    @Test
    void manyWritersShareAFile() throws Exception {
        List<Future<ExtentKey>> writes = new ArrayList<>();
        ExecutorService writers = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 64; i++) {
            int id = i;
            writes.add(writers.submit(() -> write(1, id + 1, data(150_000 + id, id), 150_000 + id)));
        }
        for (int i = 0; i < 64; i++) {
            assertThat(read(writes.get(i).get(), 0, 150_000 + i)).isEqualTo(data(150_000 + i, i));
        }
        writers.shutdown();
        assertThat(store.stats().openFiles()).isLessThanOrEqualTo(4);
    }

    @Test
    void freedSpaceComesBackAndLiveExtentsSurviveIt() throws Exception {
        byte[] data = data(MIB, 7);
        List<ExtentKey> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            keys.add(write(1, i + 1, data, data.length));
        }
        for (int i = 0; i < 20; i++) {
            if (i != 3) {
                store.free(keys.get(i));
            }
        }
        for (int i = 0; i < 5; i++) {
            store.reclaim();
        }
        assertThat(store.stats().garbageBytes()).isLessThan(MIB);
        assertThat(read(keys.get(3), 0, data.length)).isEqualTo(data);
        reopenAfterCrash();
        assertThat(read(keys.get(3), 0, data.length)).isEqualTo(data);
        assertThat(store.contains(keys.get(4))).isFalse();
    }

    @Test
    void droppingAVolumeLeavesTheOthers() throws Exception {
        byte[] data = data(1000, 8);
        ExtentKey doomed = write(1, 1, data, data.length);
        ExtentKey other = write(2, 1, data, data.length);
        store.dropVolume(1);
        assertThat(store.contains(doomed)).isFalse();
        assertThatThrownBy(() -> store.create(new ExtentKey(1, 9, 9), 10)).isInstanceOf(ExtentException.class);
        assertThat(read(other, 0, data.length)).isEqualTo(data);
        assertThat(Files.exists(directory.resolve("volumes/1"))).isFalse();
    }

    private ExtentKey write(long volume, long id, byte[] data, int capacity) throws Exception {
        ExtentKey key = new ExtentKey(volume, 7, id);
        ExtentWriter writer = store.create(key, capacity);
        for (int from = 0; from < data.length; from += MIB) {
            ByteBuffer part = ByteBuffer.wrap(data, from, Math.min(MIB, data.length - from));
            writer.write(List.of(part.duplicate()), ExtentFormat.blockCrcs(part));
        }
        CRC32C crc = new CRC32C();
        crc.update(data);
        writer.finish(data.length, (int) crc.getValue()).get();
        return key;
    }

    private byte[] read(ExtentKey key, int offset, int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.read(key, offset, length, bytes -> out.write(bytes.array(), bytes.position(), bytes.remaining()));
        return out.toByteArray();
    }

    /** The index as it was never flushed: everything has to be found in the files. */
    private void reopenAfterCrash() throws IOException {
        store.close();
        try (var files = Files.walk(directory.resolve("index"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        store = ExtentStore.open(directory, OPTIONS, InstantSource.system(), executor, disk, resources);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(directory.resolve("volumes"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static byte[] data(int size, int seed) {
        byte[] data = new byte[size];
        new Random(seed).nextBytes(data);
        return data;
    }
}
