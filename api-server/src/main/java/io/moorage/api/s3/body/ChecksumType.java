package io.moorage.api.s3.body;

/** What the checksum of a multipart object is of (Amazon S3 user guide, "Checking object integrity"). */
public enum ChecksumType {
    /** Of the checksums of its parts. */
    COMPOSITE,
    /** Of its bytes. */
    FULL_OBJECT
}
