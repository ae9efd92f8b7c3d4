package io.moorage.api.s3.policy;

/** What a policy says about a request. */
public enum Decision {
    /** A statement allows it, and none denies it. */
    ALLOW,
    /** A statement denies it, whatever others say. */
    DENY,
    /** No statement is about it: who owns the bucket may, others may not. */
    NONE
}
