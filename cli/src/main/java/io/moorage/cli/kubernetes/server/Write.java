package io.moorage.cli.kubernetes.server;

/**
 * How something is to be written.
 *
 * @param manager who writes
 * @param subresource "" or "status" or "scale"
 * @param dryRun whether only to say what would be
 * @param unknownFields what to do about fields that the schema does not know
 * @param force whether server-side apply takes over fields of others
 */
public record Write(String manager, String subresource, boolean dryRun, UnknownFields unknownFields, boolean force) {
    /** As the parameter fieldValidation names them. */
    public enum UnknownFields {
        IGNORE,
        WARN,
        STRICT
    }

    /** By a controller. */
    public static Write by(String manager) {
        return new Write(manager, "", false, UnknownFields.IGNORE, true);
    }

    public Write to(String subresource) {
        return new Write(manager, subresource, dryRun, unknownFields, force);
    }

    boolean isStatus() {
        return subresource.equals("status");
    }
}
