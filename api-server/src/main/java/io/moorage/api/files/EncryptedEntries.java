package io.moorage.api.files;

import io.moorage.api.http.Problem;
import io.moorage.protocol.v1.Entry;

/** Entries that S3 encrypted: what is stored of them is of no use to who reads it as it is. */
public final class EncryptedEntries {
    /** The attribute that says so. */
    public static final String ATTRIBUTE = "s3.encryption";

    private EncryptedEntries() {}

    public static boolean isEncrypted(Entry entry) {
        return entry.getAttributesList().stream()
                .anyMatch(item -> item.getName().equals(ATTRIBUTE));
    }

    /** @throws Problem 409 if its bytes are encrypted */
    public static void refuse(Entry entry) {
        if (isEncrypted(entry)) {
            throw new Problem(
                    409,
                    "encrypted",
                    "'" + entry.getKey()
                            + "' was encrypted by S3 (SSE-C or SSE-S3): it can be read there only, and not appended to");
        }
    }
}
