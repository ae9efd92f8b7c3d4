package io.moorage.api.s3.bucket;

/** Where S3 keeps records of its own in a volume, unseen by others: below U+0001. */
public final class HiddenKeys {
    private static final String ROOT = "\u0001s3/";

    private HiddenKeys() {}

    /** All of a bucket. */
    public static String ofBucket(String bucket) {
        return ROOT + bucket + "/";
    }

    /** All unfinished uploads of a bucket. */
    public static String uploads(String bucket) {
        return ofBucket(bucket) + "uploads/";
    }
}
