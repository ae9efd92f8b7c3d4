package io.moorage.api.s3.auth;

import java.util.Optional;

/** Where access keys are found. Implementations are thread-safe and answer from memory, since they are asked with every request. */
@FunctionalInterface
public interface AccessKeys {
    /** Empty: there is no such key. Suspended ones are found. */
    Optional<Credential> find(String accessKeyId);
}
