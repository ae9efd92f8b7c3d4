package io.moorage.api.s3.lock;

/** Who may end a retention early. */
public enum RetentionMode {
    /** Those who may bypass it. */
    GOVERNANCE,
    /** Nobody. */
    COMPLIANCE
}
