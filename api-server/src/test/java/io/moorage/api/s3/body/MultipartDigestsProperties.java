package io.moorage.api.s3.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MultipartDigestsProperties {
    private static byte[] checksum(ChecksumAlgorithm algorithm, byte[] bytes) {
        RunningChecksum running = algorithm.start();
        running.update(bytes, 0, bytes.length);
        return running.value();
    }

    @Property(tries = 150)
    void theChecksumOfAllIsThatOfItsParts(
            @ForAll @Size(max = 6) List<@IntRange(max = 2000) Integer> sizes, @ForAll long seed) {
        Random random = new Random(seed);
        for (ChecksumAlgorithm algorithm :
                List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.CRC64NVME)) {
            RunningChecksum whole = algorithm.start();
            List<MultipartDigests.Part> parts = new ArrayList<>();
            for (int size : sizes) {
                byte[] part = new byte[size];
                random.nextBytes(part);
                whole.update(part, 0, size);
                parts.add(new MultipartDigests.Part(checksum(algorithm, part), size));
            }
            assertThat(MultipartDigests.fullObject(algorithm, parts))
                    .isEqualTo(Base64.getEncoder().encodeToString(whole.value()));
        }
    }

    @Property(tries = 100)
    void crc64DoesNotDependOnHowItIsFed(
            @ForAll @Size(max = 100) byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int step) {
        Crc64Nvme single = new Crc64Nvme();
        for (byte b : bytes) {
            single.update(b);
        }
        Crc64Nvme several = new Crc64Nvme();
        for (int at = 0; at < bytes.length; at += step) {
            several.update(bytes, at, Math.min(step, bytes.length - at));
        }
        assertThat(several.getValue()).isEqualTo(single.getValue());
    }

    @Example
    void combinesPiecesLongerThanAnInt() {
        // Of a TiB of zeros behind "123456789": the same in one step as in 1,024.
        byte[] first =
                checksum(ChecksumAlgorithm.CRC64NVME, "123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] mib = new byte[1 << 20];
        List<MultipartDigests.Part> zeros = new ArrayList<>();
        zeros.add(new MultipartDigests.Part(checksum(ChecksumAlgorithm.CRC64NVME, mib), mib.length));
        for (int i = 0; i < 20; i++) {
            MultipartDigests.Part last = zeros.get(i);
            byte[] twice = Base64.getDecoder()
                    .decode(MultipartDigests.fullObject(ChecksumAlgorithm.CRC64NVME, List.of(last, last)));
            zeros.add(new MultipartDigests.Part(twice, 2 * last.size()));
        }
        MultipartDigests.Part begin = new MultipartDigests.Part(first, 9);
        List<MultipartDigests.Part> many = new ArrayList<>(List.of(begin));
        for (int i = 0; i < 1024; i++) {
            many.add(zeros.get(10));
        }
        assertThat(zeros.get(20).size()).isEqualTo(1L << 40);
        assertThat(MultipartDigests.fullObject(ChecksumAlgorithm.CRC64NVME, List.of(begin, zeros.get(20))))
                .isEqualTo(MultipartDigests.fullObject(ChecksumAlgorithm.CRC64NVME, many));
    }

    @Example
    void etagAndCompositeChecksumAsAwsHasThem() {
        // Two parts, "hello" and "world"; computed with Python's hashlib and binascii.
        List<byte[]> md5s = List.of("hello", "world").stream()
                .map(text -> {
                    RunningChecksum md5 = RunningChecksum.of("MD5");
                    md5.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 5);
                    return md5.value();
                })
                .toList();
        assertThat(MultipartDigests.etag(md5s)).isEqualTo("065947336a2f2a95ba8899f3675c3be6-2");
        List<MultipartDigests.Part> parts = List.of("hello", "world").stream()
                .map(text -> new MultipartDigests.Part(
                        checksum(ChecksumAlgorithm.SHA256, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                        5))
                .toList();
        assertThat(MultipartDigests.checksum(ChecksumAlgorithm.SHA256, ChecksumType.COMPOSITE, parts))
                .isEqualTo("cwXbmyq8zXBsJW2z2X5f9I1nfP5NOlkEr7faDjlQ4eI=-2");
    }
}
