package io.moorage.api.s3.object;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.body.PartSizes;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an object's bytes beyond their MD5, kept in one attribute. Others may change the bytes (an append by REST) and
 * know nothing of it, so it says of how many bytes it is, and counts only for those.
 *
 * @param size of the bytes that it is about
 * @param etag without quotes, where it is not the MD5
 * @param checksum that was sent, or computed for the sender
 * @param partSizes of a multipart object, in order; empty: it has no parts, or they are too many and too different to be kept
 * @param partChecksums of the parts, in base64, by the algorithm of the checksum; empty: there are none, or too many to be kept
 */
public record ContentFacts(
        long size,
        Optional<String> etag,
        Optional<Checksum> checksum,
        List<Long> partSizes,
        List<String> partChecksums) {
    /** What is left for all other attributes is the more important. */
    private static final int MAX_PARTS_LENGTH = 4096;

    /** @param value base64, with a dash and the number of parts when it is composite */
    public record Checksum(ChecksumAlgorithm algorithm, ChecksumType type, String value) {}

    public ContentFacts {
        partSizes = List.copyOf(partSizes);
        partChecksums = List.copyOf(partChecksums);
    }

    /** Without checksums of parts. */
    public ContentFacts(long size, Optional<String> etag, Optional<Checksum> checksum, List<Long> partSizes) {
        this(size, etag, checksum, partSizes, List.of());
    }

    /** Whether there is anything to keep. */
    public boolean any() {
        return etag.isPresent() || checksum.isPresent();
    }

    /** The same bytes under another ETag. */
    ContentFacts withEtag(String other) {
        return new ContentFacts(size, Optional.of(other), checksum, partSizes, partChecksums);
    }

    /** The checksum of a part. @param number from 1 */
    public Optional<String> partChecksum(int number) {
        return partChecksums.size() == partSizes.size() && number <= partChecksums.size()
                ? Optional.of(partChecksums.get(number - 1))
                : Optional.empty();
    }

    /** As the attribute has it. */
    public String encode() {
        StringBuilder text = new StringBuilder("size=").append(size);
        etag.ifPresent(tag -> text.append(";etag=").append(tag));
        checksum.ifPresent(sum -> text.append(";checksum=")
                .append(sum.algorithm())
                .append(':')
                .append(sum.type())
                .append(':')
                .append(sum.value()));
        String parts = PartSizes.encode(partSizes);
        if (!partSizes.isEmpty() && parts.length() <= MAX_PARTS_LENGTH) {
            text.append(";parts=").append(parts);
            String sums = String.join(",", partChecksums);
            if (!sums.isEmpty() && parts.length() + sums.length() <= MAX_PARTS_LENGTH) {
                text.append(";sums=").append(sums);
            }
        }
        return text.toString();
    }

    /** Empty: it is not one, or of another version of the software. */
    static Optional<ContentFacts> decode(String text) {
        long size = -1;
        Optional<String> etag = Optional.empty();
        Optional<Checksum> checksum = Optional.empty();
        List<Long> parts = List.of();
        List<String> sums = List.of();
        try {
            for (String field : text.split(";")) {
                int equals = field.indexOf('=');
                String value = field.substring(equals + 1);
                switch (field.substring(0, Math.max(0, equals))) {
                    case "size" -> size = Long.parseLong(value);
                    case "etag" -> etag = Optional.of(value);
                    case "checksum" -> checksum = Optional.of(checksum(value));
                    case "parts" -> parts = PartSizes.decode(value);
                    case "sums" -> sums = List.of(value.split(","));
                    default -> {
                        // Of a later version; what is known here is good without it.
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return size < 0 ? Optional.empty() : Optional.of(new ContentFacts(size, etag, checksum, parts, sums));
    }

    private static Checksum checksum(String text) {
        String[] fields = text.split(":", 3);
        if (fields.length != 3) {
            throw new IllegalArgumentException(text);
        }
        return new Checksum(ChecksumAlgorithm.valueOf(fields[0]), ChecksumType.valueOf(fields[1]), fields[2]);
    }
}
