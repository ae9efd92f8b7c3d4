package io.moorage.api.users;

/** An access key, its secret, and whose it is. */
public record AccessKey(String id, String secret, User user) {
    /** Without the secret, since it may land in a log. */
    @Override
    public String toString() {
        return "AccessKey[" + id + " of " + user.name() + "]";
    }
}
