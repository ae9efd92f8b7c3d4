package io.moorage.api.s3.bucket;

import io.moorage.api.s3.cors.CorsConfiguration;
import io.moorage.api.s3.lifecycle.LifecycleConfiguration;
import io.moorage.api.s3.lock.ObjectLockConfiguration;
import io.moorage.api.s3.xml.BucketDocuments;
import io.moorage.api.s3.xml.CorsDocument;
import io.moorage.api.s3.xml.LifecycleDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Names under which settings are kept with a bucket, and how their documents are read again. */
public final class Settings {
    public static final String CORS = "cors";
    public static final String ENCRYPTION = "encryption";
    public static final String LIFECYCLE = "lifecycle";
    public static final String OBJECT_LOCK = "object-lock";
    public static final String OWNERSHIP = "ownershipControls";
    public static final String POLICY = "policy";
    public static final String PUBLIC_ACCESS = "publicAccessBlock";
    public static final String TAGGING = "tagging";

    private Settings() {}

    public static CorsConfiguration cors(String document) {
        return read(document, CorsDocument::read);
    }

    public static LifecycleConfiguration lifecycle(String document) {
        return read(document, LifecycleDocument::read);
    }

    public static ObjectLockConfiguration objectLock(String document) {
        return read(document, BucketDocuments::objectLock);
    }

    public static BucketDocuments.PublicAccessBlock publicAccess(String document) {
        return read(document, BucketDocuments::publicAccessBlock);
    }

    /** Reads a document from a stream. */
    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    static <T> T read(String document, Reader<T> reader) {
        try {
            return reader.read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
