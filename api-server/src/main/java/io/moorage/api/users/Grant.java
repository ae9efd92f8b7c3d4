package io.moorage.api.users;

/**
 * What a user may do where.
 *
 * @param volume a volume's name, or * for all of them
 * @param prefix only keys of the volume that begin with this; empty: all
 */
public record Grant(String volume, String prefix, Access access) {
    /** What a grant allows; each includes those before it. */
    public enum Access {
        /** Reading and listing. */
        READ_ONLY,
        /** Writing and deleting as well. */
        READ_WRITE,
        /** Changing buckets and their settings as well. */
        ADMIN
    }

    public static final Grant EVERYTHING = new Grant("*", "", Access.ADMIN);

    public Grant {
        prefix = prefix == null ? "" : prefix;
    }

    /** @param key of the volume, with the bucket in front */
    public boolean allows(String volumeName, String key, Access wanted) {
        return covers(volumeName) && key.startsWith(prefix) && access.compareTo(wanted) >= 0;
    }

    /** Whether it says anything about the volume. */
    public boolean covers(String volumeName) {
        return volume.equals("*") || volume.equals(volumeName);
    }
}
