package io.moorage.api.s3.encryption;

import io.moorage.protocol.v1.MetadataItem;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * By what the bytes of an object are sealed while they are stored.
 *
 * @param content what is kept of it
 * @param key of the object
 * @param headers of the answer, which say so
 */
public record Seal(SealedContent content, ObjectKey key, Map<String, String> headers) {

    /** The bytes as they are stored. @param plain read from its beginning to its end */
    public InputStream seal(InputStream plain) {
        return new SealingInputStream(plain, key);
    }

    /** How many bytes are stored. @param plain bytes; negative: unknown */
    public static long storedLength(long plain) {
        return plain < 0 ? plain : Segments.sealedSize(plain);
    }

    /** What an entry keeps. @param streams sizes of what was sealed, one after the other */
    public MetadataItem attribute(List<Long> streams) {
        return content.of(streams).attribute();
    }

    /** Whether the ETag may not be the MD5 of the bytes (Amazon S3 API reference, "Object": ETag). */
    public boolean hidesMd5() {
        return content.kind() == SealedContent.Kind.CUSTOMER;
    }
}
