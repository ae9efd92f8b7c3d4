package io.moorage.api.users;

import java.util.List;
import java.util.Optional;

/**
 * The users and their access keys. Methods throw {@link io.moorage.client.MoorageException}. Thread-safe.
 */
public interface Users {
    /** Asked with every signed request, so it is answered from memory where that is at most a few seconds old. */
    Optional<AccessKey> find(String accessKeyId);

    /** All users, by name. */
    List<User> all();

    /**
     * @param name DNS label
     * @return the user's key, whose secret is told this once
     * @throws io.moorage.client.MoorageException ALREADY_EXISTS
     */
    AccessKey create(String name, List<Grant> grants);

    /** Takes the user's keys away. @return whether there was such a user */
    boolean delete(String name);
}
