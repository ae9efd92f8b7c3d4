package io.moorage.api.users;

import java.time.Instant;
import java.util.List;

/**
 * Somebody with access keys.
 *
 * @param accessKeyId the newest of them
 * @param suspended whether all of the user's requests are refused
 */
public record User(String name, String accessKeyId, boolean suspended, List<Grant> grants, Instant created) {
    public User {
        grants = List.copyOf(grants);
    }
}
