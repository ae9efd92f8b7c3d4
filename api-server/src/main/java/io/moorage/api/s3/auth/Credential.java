package io.moorage.api.s3.auth;

import java.util.List;

/**
 * An access key.
 *
 * @param user whose it is
 * @param secrets that are valid now: one, or two while they are rotated
 * @param suspended whether it is refused as if it were unknown
 */
public record Credential(String accessKeyId, String user, List<String> secrets, boolean suspended) {
    public Credential {
        secrets = List.copyOf(secrets);
    }

    /** Without the secrets, since it may land in a log. */
    @Override
    public String toString() {
        return "Credential[" + accessKeyId + " of " + user + (suspended ? ", suspended]" : "]");
    }
}
