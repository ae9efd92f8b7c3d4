package io.moorage.api.s3.access;

import io.moorage.api.s3.auth.AccessKeys;
import io.moorage.api.s3.auth.Credential;
import io.moorage.api.users.Users;
import java.util.List;
import java.util.Optional;

/** Access keys of the cluster's users, for the verification of signatures. Thread-safe. */
public final class UserKeys implements AccessKeys {
    private final Users users;

    public UserKeys(Users users) {
        this.users = users;
    }

    @Override
    public Optional<Credential> find(String accessKeyId) {
        return users.find(accessKeyId)
                .map(key -> new Credential(
                        key.id(),
                        key.user().name(),
                        List.of(key.secret()),
                        key.user().suspended()));
    }
}
