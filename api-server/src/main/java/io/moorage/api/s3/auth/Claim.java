package io.moorage.api.s3.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a signed request says of its signature; nothing of it is verified yet.
 *
 * @param signedHeaders in lower case, in the order they came
 * @param signature hex
 * @param expires when it stood in a query: how long it is good for, in seconds
 */
record Claim(
        String accessKeyId,
        Scope scope,
        String timestamp,
        Instant signedAt,
        List<String> signedHeaders,
        String signature,
        Optional<Long> expires) {}
