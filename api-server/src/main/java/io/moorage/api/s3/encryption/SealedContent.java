package io.moorage.api.s3.encryption;

import io.moorage.api.files.EncryptedEntries;
import io.moorage.api.s3.body.PartSizes;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.MetadataItem;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What an entry keeps of its encryption, in one attribute. Immutable.
 *
 * @param kind whose key wraps that of the object
 * @param keyId the cluster's key; empty for a customer's, of which nothing is kept
 * @param wrapped the object's key
 * @param sizes of the streams of which its bytes are made, opened; empty: it has no bytes yet (an upload)
 */
public record SealedContent(Kind kind, String keyId, byte[] wrapped, List<Long> sizes) {
    /** The attribute. */
    public static final String ATTRIBUTE = EncryptedEntries.ATTRIBUTE;
    /** Attributes have 16 KiB in all. */
    private static final int MAX_SIZES_LENGTH = 8192;

    /** Whose key it is. */
    public enum Kind {
        /** SSE-C. */
        CUSTOMER,
        /** SSE-S3. */
        CLUSTER
    }

    public SealedContent {
        sizes = List.copyOf(sizes);
    }

    /** Of an entry; empty: it is not encrypted. @throws IllegalArgumentException if it cannot be read */
    public static Optional<SealedContent> of(Entry entry) {
        for (MetadataItem item : entry.getAttributesList()) {
            if (item.getName().equals(ATTRIBUTE)) {
                return Optional.of(decode(item.getValue()));
            }
        }
        return Optional.empty();
    }

    private static SealedContent decode(String text) {
        String[] fields = text.split(";", -1);
        if (fields.length != 4) {
            throw new IllegalArgumentException("the attribute " + ATTRIBUTE + " has " + fields.length + " fields");
        }
        return new SealedContent(
                Kind.valueOf(fields[0]),
                fields[1],
                Base64.getDecoder().decode(fields[2]),
                fields[3].isEmpty() ? List.of() : PartSizes.decode(fields[3]));
    }

    /** @throws S3Exception InvalidRequest if its parts are of more different sizes than can be kept */
    public MetadataItem attribute() {
        String encoded = PartSizes.encode(sizes);
        if (encoded.length() > MAX_SIZES_LENGTH) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The parts of an encrypted object have too many different sizes to be kept; upload them with equal"
                            + " sizes but for the last.");
        }
        String text = kind + ";" + keyId + ";" + Base64.getEncoder().encodeToString(wrapped) + ";" + encoded;
        return MetadataItem.newBuilder().setName(ATTRIBUTE).setValue(text).build();
    }

    /** The same key, for other bytes. */
    public SealedContent of(List<Long> streams) {
        return new SealedContent(kind, keyId, wrapped, streams);
    }

    /** Bytes of the object, opened. */
    public long size() {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    /** Bytes that are stored of it. */
    long sealedSize() {
        return sizes.stream().mapToLong(Segments::sealedSize).sum();
    }
}
